-- New bands for those who were read anew: wide enough for the walk of a quantile over some hundred rounds. One that
-- reaches either end of the order takes in whatever will come beyond it.
WITH ranked AS (
    SELECT
        vendor_id, response_time_ms,
        row_number() OVER (PARTITION BY vendor_id ORDER BY response_time_ms DESC) AS place,
        count(*) OVER (PARTITION BY vendor_id) AS samples
    FROM gateway_telemetry
    WHERE created_at >= %(now)s - interval '24 hours'
        AND response_time_ms < 1e9
        AND vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'latency')
),
bands AS (
    SELECT
        vendor_id, quantile, min(place) - 1 AS above,
        CASE WHEN max(place) = samples THEN 0 ELSE min(response_time_ms) END AS lowest,
        CASE WHEN min(place) = 1 THEN 'Infinity' ELSE max(response_time_ms) END AS highest,
        array_agg(response_time_ms ORDER BY place) AS latencies
    FROM ranked, (VALUES (0.95::float8), (0.99::float8)) AS wanted (quantile)
    WHERE abs(samples - quantile * (samples - 1) - place) <= 2 + 1.1 * sqrt(samples * (1 - quantile))
    GROUP BY vendor_id, quantile, samples
)
INSERT INTO latency_bands
SELECT
    vendor_id, p95.above, p95.lowest, p95.highest, p99.above, p99.lowest, p99.highest, p95.latencies, p99.latencies
FROM bands AS p95 JOIN bands AS p99 USING (vendor_id)
WHERE p95.quantile = 0.95 AND p99.quantile = 0.99
