-- One row a vendor. No row in a part is the starting value; a part that failed keeps what was there.
INSERT INTO vendor_metrics AS kept (
    vendor_id, uptime_pct, avg_latency_ms, p95_latency_ms, p99_latency_ms, rating_score,
    total_requests, success_rate, error_rate, unique_agents, total_revenue_usd, last_request_at, updated_at
)
SELECT
    vendors.id,
    coalesce(uptime_pct, 100),
    coalesce(avg_latency_ms, 0), coalesce(p95_latency_ms, 0), coalesce(p99_latency_ms, 0),
    coalesce(rating_score, 5),
    coalesce(total_requests, 0), coalesce(success_rate, 100), coalesce(error_rate, 0),
    coalesce(unique_agents, 0), coalesce(total_revenue_usd, 0),
    last_request_at,
    now()
FROM vendors
LEFT JOIN fresh_uptime ON fresh_uptime.vendor_id = vendors.id
LEFT JOIN fresh_latency ON fresh_latency.vendor_id = vendors.id
LEFT JOIN fresh_payments ON fresh_payments.vendor_id = vendors.id
LEFT JOIN fresh_activity ON fresh_activity.vendor_id = vendors.id
LEFT JOIN fresh_rating ON fresh_rating.vendor_id = vendors.id
ORDER BY vendors.id
ON CONFLICT (vendor_id) DO UPDATE SET
    uptime_pct = CASE WHEN %(uptime)s THEN excluded.uptime_pct ELSE kept.uptime_pct END,
    avg_latency_ms = CASE WHEN %(latency)s THEN excluded.avg_latency_ms ELSE kept.avg_latency_ms END,
    p95_latency_ms = CASE WHEN %(latency)s THEN excluded.p95_latency_ms ELSE kept.p95_latency_ms END,
    p99_latency_ms = CASE WHEN %(latency)s THEN excluded.p99_latency_ms ELSE kept.p99_latency_ms END,
    total_requests = CASE WHEN %(payments)s THEN excluded.total_requests ELSE kept.total_requests END,
    success_rate = CASE WHEN %(payments)s THEN excluded.success_rate ELSE kept.success_rate END,
    error_rate = CASE WHEN %(payments)s THEN excluded.error_rate ELSE kept.error_rate END,
    unique_agents = CASE WHEN %(payments)s THEN excluded.unique_agents ELSE kept.unique_agents END,
    total_revenue_usd = CASE WHEN %(payments)s THEN excluded.total_revenue_usd ELSE kept.total_revenue_usd END,
    last_request_at = CASE WHEN %(activity)s THEN excluded.last_request_at ELSE kept.last_request_at END,
    rating_score = CASE WHEN %(rating)s THEN excluded.rating_score ELSE kept.rating_score END,
    updated_at = excluded.updated_at
