-- Up checks among all checks of the last seven days, in percent.
INSERT INTO fresh_uptime
SELECT vendor_id, round(100.0 * count(*) FILTER (WHERE status = 'up') / count(*), 2)
FROM vendor_health_checks
WHERE checked_at >= now() - interval '7 days'
GROUP BY vendor_id
