SELECT
    p.place, p.vendor_id AS id,
    coalesce(m.uptime_pct, 100) AS uptime_pct,
    coalesce(m.rating_score, 5) AS rating_score,
    coalesce(m.avg_latency_ms, 0) AS avg_latency_ms,
    coalesce(m.total_requests, 0) AS total_requests,
    m.last_request_at
FROM search_places AS p LEFT JOIN vendor_metrics AS m ON m.vendor_id = p.vendor_id
