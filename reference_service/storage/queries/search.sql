-- One pass over the vendors that match everything but the category: the page, the total and the facets come of it.
-- A vendor without a metrics row counts with the starting values that it shows.
WITH matching AS MATERIALIZED (
    SELECT
        v.id, v.category, {chosen} AS chosen, {score} AS score,
        coalesce(m.uptime_pct, 100) AS uptime_pct,
        coalesce(m.rating_score, 5) AS rating_score,
        coalesce(m.avg_latency_ms, 0) AS avg_latency_ms,
        coalesce(m.total_requests, 0) AS total_requests,
        m.last_request_at
    FROM vendors AS v LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
    WHERE v.status = 'active' {conditions}
),
page AS (
    SELECT id, score, row_number() OVER () AS place
    FROM (
        SELECT id, score FROM matching WHERE chosen
        ORDER BY {order} LIMIT %(limit)s OFFSET %(offset)s
    ) AS ordered
),
facets AS (
    SELECT category, chosen, count(*) AS vendors FROM matching GROUP BY category, chosen
),
summary AS (
    SELECT
        coalesce(sum(vendors) FILTER (WHERE chosen), 0)::bigint AS total,
        coalesce(json_agg(json_build_array(category, vendors) ORDER BY vendors DESC, category COLLATE "C"), '[]')::text
            AS facets
    FROM facets
)
SELECT summary.total, summary.facets, {columns}, page.score
FROM summary
LEFT JOIN page ON true
LEFT JOIN vendors AS v ON v.id = page.id
LEFT JOIN vendor_metrics AS m ON m.vendor_id = page.id
ORDER BY page.place
