-- The figures after what came into the window since the last round and what has left it, be it that time went on or
-- back. A vendor's time is summed in whole nanoseconds, which add up exactly whatever comes and goes; too many leave
-- the sum unknown. A quantile lies at quantile * (samples - 1) of the ascending order, between its neighbours in
-- proportion: unknown where its band does not hold both. A band that does not agree with what moved leaves no samples.
WITH moved AS MATERIALIZED (
    SELECT vendor_id, response_time_ms, 1 AS weight FROM arrived_telemetry
    WHERE created_at >= %(as_of)s - interval '24 hours'
    UNION ALL
    SELECT vendor_id, response_time_ms, CASE WHEN %(now)s > %(as_of)s THEN -1 ELSE 1 END FROM gateway_telemetry
    WHERE created_at >= least(%(as_of)s, %(now)s) - interval '24 hours'
        AND created_at < greatest(%(as_of)s, %(now)s) - interval '24 hours'
        AND response_time_ms < 1e9
),
totals AS (
    SELECT
        vendor_id,
        sum(weight) AS came,
        -- Below 2 ** 53 floating point adds up whole numbers exactly.
        CASE WHEN sum(response_time_ms) < 9e9
             THEN sum(weight * round(response_time_ms * 1e6))::bigint END AS came_ns
    FROM moved
    GROUP BY vendor_id
),
known AS MATERIALIZED (
    SELECT
        vendor_id, above_95, lowest_95, highest_95, above_99, lowest_99, highest_99, latencies_95, latencies_99,
        latency_samples + came AS samples,
        latency_total_ns + came_ns AS total_ns,
        0.95::float8 * (latency_samples + came - 1) AS place_95,
        0.99::float8 * (latency_samples + came - 1) AS place_99
    FROM totals LEFT JOIN vendor_metrics USING (vendor_id) LEFT JOIN latency_bands USING (vendor_id)
    WHERE vendor_id NOT IN (SELECT vendor_id FROM stale WHERE part = 'latency')
),
near AS MATERIALIZED (
    SELECT
        vendor_id, response_time_ms, weight,
        response_time_ms BETWEEN lowest_95 AND highest_95 AS within_95, response_time_ms > highest_95 AS beyond_95,
        response_time_ms BETWEEN lowest_99 AND highest_99 AS within_99, response_time_ms > highest_99 AS beyond_99
    FROM moved JOIN known USING (vendor_id)
    WHERE response_time_ms >= lowest_95 OR response_time_ms >= lowest_99
),
counted AS (
    SELECT
        vendor_id,
        coalesce(sum(weight) FILTER (WHERE beyond_95), 0) AS beyond_95,
        coalesce(sum(weight) FILTER (WHERE beyond_99), 0) AS beyond_99,
        sum(weight) FILTER (WHERE within_95) AS within_95,
        sum(weight) FILTER (WHERE within_99) AS within_99
    FROM near
    GROUP BY vendor_id
),
listed AS (
    SELECT
        vendor_id,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 95) AS latencies_95,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 99) AS latencies_99
    FROM (
        (
            SELECT vendor_id, 95 AS quantile, unnest(latencies_95) AS response_time_ms FROM known
            WHERE vendor_id IN (SELECT vendor_id FROM near WHERE within_95)
            UNION ALL
            SELECT vendor_id, 99, unnest(latencies_99) FROM known
            WHERE vendor_id IN (SELECT vendor_id FROM near WHERE within_99)
            UNION ALL
            SELECT vendor_id, 95, response_time_ms FROM near WHERE within_95 AND weight > 0
            UNION ALL
            SELECT vendor_id, 99, response_time_ms FROM near WHERE within_99 AND weight > 0
        )
        EXCEPT ALL
        (
            SELECT vendor_id, 95, response_time_ms FROM near WHERE within_95 AND weight < 0
            UNION ALL
            SELECT vendor_id, 99, response_time_ms FROM near WHERE within_99 AND weight < 0
        )
    ) AS kept
    GROUP BY vendor_id
),
changed AS MATERIALIZED (
    SELECT
        vendor_id, beyond_95, beyond_99, within_95, within_99,
        CASE WHEN within_95 IS NOT NULL THEN coalesce(latencies_95, '{}') END AS latencies_95,
        CASE WHEN within_99 IS NOT NULL THEN coalesce(latencies_99, '{}') END AS latencies_99
    FROM counted LEFT JOIN listed USING (vendor_id)
),
stored AS (
    UPDATE latency_bands AS band
    SET above_95 = above_95 + beyond_95,
        above_99 = above_99 + beyond_99,
        latencies_95 = coalesce(changed.latencies_95, band.latencies_95),
        latencies_99 = coalesce(changed.latencies_99, band.latencies_99)
    FROM changed
    WHERE band.vendor_id = changed.vendor_id
)
INSERT INTO fresh_latency
SELECT
    vendor_id,
    total_ns::float8 / nullif(samples, 0) / 1e6,
    low_95 + (high_95 - low_95) * (place_95 - floor(place_95)),
    low_99 + (high_99 - low_99) * (place_99 - floor(place_99)),
    CASE WHEN agrees THEN samples END,
    total_ns
FROM (
    SELECT
        vendor_id, samples, total_ns, place_95, place_99, agrees,
        latencies_95[samples - floor(place_95)::bigint - above_95] AS low_95,
        latencies_95[samples - ceil(place_95)::bigint - above_95] AS high_95,
        latencies_99[samples - floor(place_99)::bigint - above_99] AS low_99,
        latencies_99[samples - ceil(place_99)::bigint - above_99] AS high_99
    FROM (
        SELECT
            known.vendor_id, samples, total_ns, place_95, place_99,
            above_95 + coalesce(beyond_95, 0) AS above_95,
            above_99 + coalesce(beyond_99, 0) AS above_99,
            coalesce(changed.latencies_95, known.latencies_95) AS latencies_95,
            coalesce(changed.latencies_99, known.latencies_99) AS latencies_99,
            (cardinality(changed.latencies_95) - cardinality(known.latencies_95) <> within_95) IS NOT TRUE
                AND (cardinality(changed.latencies_99) - cardinality(known.latencies_99) <> within_99) IS NOT TRUE
                AS agrees
        FROM known LEFT JOIN changed USING (vendor_id)
    ) AS banded
    OFFSET 0  -- each is computed once
) AS placed
