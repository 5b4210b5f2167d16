-- Whose figures the shift has left unknown is read anew.
WITH exhausted AS (
    DELETE FROM fresh_latency
    WHERE (latency_samples > 0 AND latency_total_ns < 4e18::bigint AND p95_latency_ms + p99_latency_ms < 'Infinity')
        IS NOT TRUE
    RETURNING vendor_id
)
INSERT INTO stale SELECT 'latency', vendor_id FROM exhausted
