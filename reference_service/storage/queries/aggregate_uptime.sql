-- Up checks among all checks of the last seven days, in percent.
INSERT INTO fresh_uptime
SELECT
    vendor_id,
    round(100.0 * count(*) FILTER (WHERE status = 'up') / count(*), 2),
    count(*) FILTER (WHERE status = 'up'),
    count(*)
FROM vendor_health_checks
WHERE checked_at >= %(now)s - interval '7 days'
    AND vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'uptime')
GROUP BY vendor_id
