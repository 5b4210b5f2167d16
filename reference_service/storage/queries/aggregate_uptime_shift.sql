-- Counts what came into the window since the last round, and what has left it, be it that time went on or back.
WITH moved AS (
    SELECT vendor_id, status, 1 AS weight FROM arrived_checks
    WHERE checked_at >= %(as_of)s - interval '7 days'
    UNION ALL
    SELECT vendor_id, status, CASE WHEN %(now)s > %(as_of)s THEN -1 ELSE 1 END FROM vendor_health_checks
    WHERE checked_at >= least(%(as_of)s, %(now)s) - interval '7 days'
        AND checked_at < greatest(%(as_of)s, %(now)s) - interval '7 days'
),
counted AS (
    SELECT vendor_id, coalesce(sum(weight) FILTER (WHERE status = 'up'), 0) AS up, sum(weight) AS checks
    FROM moved
    GROUP BY vendor_id
),
known AS (
    SELECT vendor_id, up_checks + up AS up, all_checks + checks AS checks
    FROM counted JOIN vendor_metrics USING (vendor_id)
),
unknown AS (
    INSERT INTO stale SELECT 'uptime', vendor_id FROM known WHERE up IS NULL OR checks IS NULL
    ON CONFLICT DO NOTHING
)
INSERT INTO fresh_uptime
SELECT vendor_id, coalesce(round(100.0 * up / nullif(checks, 0), 2), 100), up, checks
FROM known
WHERE up IS NOT NULL AND checks IS NOT NULL
    AND NOT EXISTS (SELECT FROM stale WHERE part = 'uptime' AND stale.vendor_id = known.vendor_id)
