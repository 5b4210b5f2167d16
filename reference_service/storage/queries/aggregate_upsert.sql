-- One row a vendor. What was not computed in this round, or whose part failed, keeps what was there.
UPDATE vendor_metrics AS kept
SET uptime_pct = coalesce(fresh.uptime_pct, kept.uptime_pct),
    up_checks = coalesce(fresh.up_checks, kept.up_checks),
    all_checks = coalesce(fresh.all_checks, kept.all_checks),
    avg_latency_ms = coalesce(fresh.avg_latency_ms, kept.avg_latency_ms),
    p95_latency_ms = coalesce(fresh.p95_latency_ms, kept.p95_latency_ms),
    p99_latency_ms = coalesce(fresh.p99_latency_ms, kept.p99_latency_ms),
    latency_samples = coalesce(fresh.latency_samples, kept.latency_samples),
    latency_total_ns = coalesce(fresh.latency_total_ns, kept.latency_total_ns),
    total_requests = coalesce(fresh.total_requests, kept.total_requests),
    success_rate = coalesce(fresh.success_rate, kept.success_rate),
    error_rate = coalesce(fresh.error_rate, kept.error_rate),
    unique_agents = coalesce(fresh.unique_agents, kept.unique_agents),
    total_revenue_usd = coalesce(fresh.total_revenue_usd, kept.total_revenue_usd),
    last_request_at = CASE WHEN of_all THEN fresh.last_request_at
                           ELSE greatest(fresh.last_request_at, kept.last_request_at) END,
    rating_score = coalesce(fresh.rating_score, kept.rating_score),
    updated_at = %(now)s
FROM (
    SELECT * FROM fresh_uptime
    FULL JOIN fresh_latency USING (vendor_id)
    FULL JOIN fresh_payments USING (vendor_id)
    FULL JOIN fresh_activity USING (vendor_id)
    FULL JOIN fresh_rating USING (vendor_id)
) AS fresh
WHERE kept.vendor_id = fresh.vendor_id
