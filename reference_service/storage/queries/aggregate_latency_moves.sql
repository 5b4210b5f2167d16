-- What came into the window since the last round, and what has left it, be it that time went on or back: how many
-- samples each vendor has won or lost, and how much time, in whole nanoseconds, which add up exactly whatever comes
-- and goes (an absurd time leaves the sum unknown); and which latencies lie within or above the band of a quantile.
WITH moved AS MATERIALIZED (
    SELECT vendor_id, response_time_ms, 1 AS weight FROM arrived_telemetry
    WHERE created_at >= %(as_of)s - interval '24 hours'
    UNION ALL
    SELECT vendor_id, response_time_ms, CASE WHEN %(now)s > %(as_of)s THEN -1 ELSE 1 END FROM gateway_telemetry
    WHERE created_at >= least(%(as_of)s, %(now)s) - interval '24 hours'
        AND created_at < greatest(%(as_of)s, %(now)s) - interval '24 hours'
),
near AS (
    INSERT INTO near_latencies
    SELECT
        vendor_id, response_time_ms, weight,
        response_time_ms BETWEEN lowest_95 AND highest_95, response_time_ms > highest_95,
        response_time_ms BETWEEN lowest_99 AND highest_99, response_time_ms > highest_99
    FROM moved JOIN latency_bands USING (vendor_id)
    WHERE response_time_ms >= lowest_95 OR response_time_ms >= lowest_99
)
INSERT INTO moved_vendors
SELECT
    vendor_id, sum(weight),
    CASE WHEN max(response_time_ms) < 1e9 AND sum(response_time_ms) < 4e12
         THEN sum(weight * (least(response_time_ms, 1e9) * 1e6)::bigint)::bigint END
FROM moved
GROUP BY vendor_id
