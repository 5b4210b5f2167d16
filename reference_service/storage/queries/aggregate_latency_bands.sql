-- Moves what lies near a quantile; whose band does not agree with what moved is read anew.
WITH counted AS (
    SELECT
        vendor_id,
        coalesce(sum(weight) FILTER (WHERE beyond_95), 0) AS beyond_95,
        coalesce(sum(weight) FILTER (WHERE beyond_99), 0) AS beyond_99,
        coalesce(sum(weight) FILTER (WHERE within_95), 0) AS within_95,
        coalesce(sum(weight) FILTER (WHERE within_99), 0) AS within_99,
        bool_or(within_95) AS changed_95,
        bool_or(within_99) AS changed_99
    FROM near_latencies
    GROUP BY vendor_id
),
listed AS (
    SELECT
        vendor_id,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 95) AS latencies_95,
        array_agg(response_time_ms ORDER BY response_time_ms DESC) FILTER (WHERE quantile = 99) AS latencies_99
    FROM (
        (
            SELECT vendor_id, 95 AS quantile, unnest(latencies_95) AS response_time_ms FROM latency_bands
            WHERE vendor_id IN (SELECT vendor_id FROM near_latencies WHERE within_95)
            UNION ALL
            SELECT vendor_id, 99, unnest(latencies_99) FROM latency_bands
            WHERE vendor_id IN (SELECT vendor_id FROM near_latencies WHERE within_99)
            UNION ALL
            SELECT vendor_id, 95, response_time_ms FROM near_latencies WHERE within_95 AND weight > 0
            UNION ALL
            SELECT vendor_id, 99, response_time_ms FROM near_latencies WHERE within_99 AND weight > 0
        )
        EXCEPT ALL
        (
            SELECT vendor_id, 95, response_time_ms FROM near_latencies WHERE within_95 AND weight < 0
            UNION ALL
            SELECT vendor_id, 99, response_time_ms FROM near_latencies WHERE within_99 AND weight < 0
        )
    ) AS kept
    GROUP BY vendor_id
),
moved AS (
    UPDATE latency_bands AS band
    SET above_95 = above_95 + beyond_95,
        above_99 = above_99 + beyond_99,
        latencies_95 = CASE WHEN changed_95 THEN coalesce(listed.latencies_95, '{}') ELSE band.latencies_95 END,
        latencies_99 = CASE WHEN changed_99 THEN coalesce(listed.latencies_99, '{}') ELSE band.latencies_99 END
    FROM counted LEFT JOIN listed USING (vendor_id)
    WHERE band.vendor_id = counted.vendor_id
    RETURNING band.vendor_id,
        cardinality(new.latencies_95) - cardinality(old.latencies_95) <> within_95
            OR cardinality(new.latencies_99) - cardinality(old.latencies_99) <> within_99 AS wrong
)
INSERT INTO stale SELECT 'latency', vendor_id FROM moved WHERE wrong
ON CONFLICT DO NOTHING
