-- The latency of the last 24 hours, in milliseconds; percentiles are continuous.
INSERT INTO fresh_latency
SELECT
    vendor_id,
    avg(response_time_ms),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms),
    percentile_cont(0.99) WITHIN GROUP (ORDER BY response_time_ms)
FROM gateway_telemetry
WHERE created_at >= now() - interval '24 hours'
GROUP BY vendor_id
