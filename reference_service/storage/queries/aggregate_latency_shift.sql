-- The figures of those whose bands still hold both neighbours of each quantile; the others are read anew. A quantile
-- lies at quantile * (samples - 1) of the ascending order, between its neighbours in proportion.
WITH known AS (
    SELECT
        vendor_id, samples, total_ns,
        0.95::float8 * (samples - 1) AS place_95,
        0.99::float8 * (samples - 1) AS place_99
    FROM (
        SELECT vendor_id, latency_samples + samples AS samples, latency_total_ns + total_ns AS total_ns
        FROM moved_vendors JOIN vendor_metrics USING (vendor_id)
    ) AS counted
    WHERE samples > 0 AND total_ns IS NOT NULL
        AND NOT EXISTS (SELECT FROM stale WHERE part = 'latency' AND stale.vendor_id = counted.vendor_id)
),
placed AS (
    SELECT
        known.*,
        p95.latencies[samples - floor(place_95)::bigint - p95.above] AS low_95,
        p95.latencies[samples - ceil(place_95)::bigint - p95.above] AS high_95,
        p99.latencies[samples - floor(place_99)::bigint - p99.above] AS low_99,
        p99.latencies[samples - ceil(place_99)::bigint - p99.above] AS high_99
    FROM known
    JOIN latency_bands AS p95 ON p95.vendor_id = known.vendor_id AND p95.quantile = 0.95
    JOIN latency_bands AS p99 ON p99.vendor_id = known.vendor_id AND p99.quantile = 0.99
)
INSERT INTO fresh_latency
SELECT
    vendor_id,
    total_ns / samples / 1e6,
    low_95 + (high_95 - low_95) * (place_95 - floor(place_95)),
    low_99 + (high_99 - low_99) * (place_99 - floor(place_99)),
    samples,
    total_ns
FROM placed
WHERE low_95 + high_95 + low_99 + high_99 < 'Infinity'
