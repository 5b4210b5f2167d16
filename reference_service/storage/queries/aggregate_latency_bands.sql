-- Moves what lies near a quantile; whose band does not agree with what moved is read anew.
WITH reached AS MATERIALIZED (
    SELECT vendor_id, quantile, highest, response_time_ms, weight
    FROM moved_latencies JOIN latency_bands USING (vendor_id)
    WHERE response_time_ms >= lowest
),
moved_above AS (
    SELECT vendor_id, quantile, coalesce(sum(weight) FILTER (WHERE response_time_ms > highest), 0) AS moved,
        bool_or(response_time_ms <= highest) AS within
    FROM reached
    GROUP BY vendor_id, quantile
),
counted AS MATERIALIZED (
    SELECT vendor_id, quantile, response_time_ms, sum(weight) AS times
    FROM (
        SELECT vendor_id, quantile, response_time_ms, weight FROM reached WHERE response_time_ms <= highest
        UNION ALL
        SELECT vendor_id, quantile, unnest(latencies), 1
        FROM moved_above JOIN latency_bands USING (vendor_id, quantile)
        WHERE within
    ) AS near
    GROUP BY vendor_id, quantile, response_time_ms
),
listed AS (
    SELECT vendor_id, quantile, array_agg(response_time_ms ORDER BY response_time_ms DESC) AS latencies
    FROM counted, generate_series(1, times)
    GROUP BY vendor_id, quantile
),
wrong AS (
    INSERT INTO stale SELECT DISTINCT 'latency', vendor_id FROM counted WHERE times < 0
    ON CONFLICT DO NOTHING
)
UPDATE latency_bands AS band
SET above = above + moved,
    highest = coalesce(listed.latencies[1], band.highest),
    lowest = coalesce(listed.latencies[cardinality(listed.latencies)], band.lowest),
    latencies = CASE WHEN within THEN coalesce(listed.latencies, '{}') ELSE band.latencies END
FROM moved_above LEFT JOIN listed USING (vendor_id, quantile)
WHERE band.vendor_id = moved_above.vendor_id AND band.quantile = moved_above.quantile
