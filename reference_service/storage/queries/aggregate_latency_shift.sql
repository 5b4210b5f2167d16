-- The figures of those whose bands still hold both neighbours of each quantile; the others are read anew. A quantile
-- lies at quantile * (samples - 1) of the ascending order, between its neighbours in proportion.
WITH counted AS (
    SELECT
        vendor_id,
        latency_samples + samples AS samples,
        latency_total_ns + total_ns AS total_ns,
        0.95::float8 * (latency_samples + samples - 1) AS place_95,
        0.99::float8 * (latency_samples + samples - 1) AS place_99
    FROM moved_vendors LEFT JOIN vendor_metrics USING (vendor_id)
    WHERE NOT EXISTS (SELECT FROM stale WHERE part = 'latency' AND stale.vendor_id = moved_vendors.vendor_id)
),
placed AS MATERIALIZED (
    SELECT
        counted.*,
        latencies_95[samples - floor(place_95)::bigint - above_95] AS low_95,
        latencies_95[samples - ceil(place_95)::bigint - above_95] AS high_95,
        latencies_99[samples - floor(place_99)::bigint - above_99] AS low_99,
        latencies_99[samples - ceil(place_99)::bigint - above_99] AS high_99
    FROM counted LEFT JOIN latency_bands USING (vendor_id)
),
exhausted AS (
    INSERT INTO stale
    SELECT 'latency', vendor_id FROM placed
    WHERE (samples > 0 AND total_ns < 4e18::bigint AND low_95 + high_95 + low_99 + high_99 < 'Infinity') IS NOT TRUE
)
INSERT INTO fresh_latency
SELECT
    vendor_id,
    total_ns::float8 / samples / 1e6,
    low_95 + (high_95 - low_95) * (place_95 - floor(place_95)),
    low_99 + (high_99 - low_99) * (place_99 - floor(place_99)),
    samples,
    total_ns
FROM placed
WHERE samples > 0 AND total_ns < 4e18::bigint AND low_95 + high_95 + low_99 + high_99 < 'Infinity'
