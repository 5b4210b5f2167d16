-- Moves what lies near a quantile; whose band does not agree with what moved is read anew.
WITH near AS MATERIALIZED (
    SELECT vendor_id, quantile, response_time_ms, weight, response_time_ms <= highest AS within
    FROM near_latencies JOIN latency_bands USING (vendor_id),
        LATERAL (VALUES (95, lowest_95, highest_95), (99, lowest_99, highest_99)) AS band (quantile, lowest, highest)
    WHERE response_time_ms >= lowest
),
counted AS MATERIALIZED (
    SELECT
        vendor_id,
        coalesce(sum(weight) FILTER (WHERE quantile = 95 AND NOT within), 0) AS above_95,
        coalesce(sum(weight) FILTER (WHERE quantile = 99 AND NOT within), 0) AS above_99,
        sum(weight) FILTER (WHERE quantile = 95 AND within) AS within_95,
        sum(weight) FILTER (WHERE quantile = 99 AND within) AS within_99
    FROM near
    GROUP BY vendor_id
),
listed AS (
    SELECT
        vendor_id,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 95) AS latencies_95,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 99) AS latencies_99
    FROM (
        SELECT vendor_id, 95 AS quantile, unnest(latencies_95) AS response_time_ms
        FROM counted JOIN latency_bands USING (vendor_id) WHERE within_95 IS NOT NULL
        UNION ALL
        SELECT vendor_id, 99, unnest(latencies_99)
        FROM counted JOIN latency_bands USING (vendor_id) WHERE within_99 IS NOT NULL
        UNION ALL
        SELECT vendor_id, quantile, response_time_ms FROM near WHERE within AND weight > 0
        EXCEPT ALL
        SELECT vendor_id, quantile, response_time_ms FROM near WHERE within AND weight < 0
    ) AS kept
    GROUP BY vendor_id
),
moved AS (
    UPDATE latency_bands AS band
    SET above_95 = band.above_95 + counted.above_95,
        above_99 = band.above_99 + counted.above_99,
        latencies_95 = CASE WHEN within_95 IS NULL THEN band.latencies_95 ELSE coalesce(listed.latencies_95, '{}') END,
        latencies_99 = CASE WHEN within_99 IS NULL THEN band.latencies_99 ELSE coalesce(listed.latencies_99, '{}') END
    FROM counted LEFT JOIN listed USING (vendor_id)
    WHERE band.vendor_id = counted.vendor_id
    RETURNING band.vendor_id,
        cardinality(new.latencies_95) - cardinality(old.latencies_95) <> coalesce(within_95, 0)
            OR cardinality(new.latencies_99) - cardinality(old.latencies_99) <> coalesce(within_99, 0) AS wrong
)
INSERT INTO stale SELECT 'latency', vendor_id FROM moved WHERE wrong
ON CONFLICT DO NOTHING
