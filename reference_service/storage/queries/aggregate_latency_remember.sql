-- New bands for those who were read anew: wide enough for the walk of a quantile over some hundred rounds.
WITH ranked AS (
    SELECT
        vendor_id, response_time_ms,
        row_number() OVER (PARTITION BY vendor_id ORDER BY response_time_ms DESC) AS place,
        count(*) OVER (PARTITION BY vendor_id) AS samples
    FROM gateway_telemetry
    WHERE created_at >= %(now)s - interval '24 hours'
        AND vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'latency')
)
INSERT INTO latency_bands
SELECT
    vendor_id, quantile, min(place) - 1, max(response_time_ms), min(response_time_ms),
    array_agg(response_time_ms ORDER BY place)
FROM ranked, (VALUES (0.95::float8), (0.99::float8)) AS wanted (quantile)
WHERE abs(samples - quantile * (samples - 1) - place) <= 2 + 1.1 * sqrt(samples * (1 - quantile))
GROUP BY vendor_id, quantile
