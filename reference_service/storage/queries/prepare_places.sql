-- Every visible vendor with its place in each order, so that what follows sorts small whole numbers.
CREATE TEMPORARY TABLE search_places ON COMMIT DROP AS
SELECT
    v.id, v.category, v.search,
    row_number() OVER (ORDER BY {tie}) AS tie,
    row_number() OVER (ORDER BY {rating}) AS rating,
    row_number() OVER (ORDER BY {uptime}) AS uptime,
    row_number() OVER (ORDER BY {popular}) AS popular,
    row_number() OVER (ORDER BY {fastest}) AS fastest,
    row_number() OVER (ORDER BY {recent}) AS recent
FROM (
    SELECT
        v.id, v.category, v.search,
        coalesce(m.uptime_pct, 100) AS uptime_pct,
        coalesce(m.rating_score, 5) AS rating_score,
        coalesce(m.avg_latency_ms, 0) AS avg_latency_ms,
        coalesce(m.total_requests, 0) AS total_requests,
        m.last_request_at
    FROM vendors AS v LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
    WHERE v.status = 'active'
) AS v
