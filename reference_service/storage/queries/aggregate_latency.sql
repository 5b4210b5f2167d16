-- The latency of the last 24 hours, in milliseconds; percentiles are continuous. An
-- absurd time, which only a row from before there was a bound can have, does not count.
INSERT INTO fresh_latency
SELECT
    vendor_id,
    avg(response_time_ms),
    percentile_cont(0.95) WITHIN GROUP (ORDER BY response_time_ms),
    percentile_cont(0.99) WITHIN GROUP (ORDER BY response_time_ms),
    count(*),
    CASE WHEN sum(response_time_ms) < 4e12 THEN sum((response_time_ms * 1e6)::bigint)::bigint END
FROM gateway_telemetry
WHERE created_at >= %(now)s - interval '24 hours'
    AND response_time_ms < 1e9
    AND vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'latency')
GROUP BY vendor_id
