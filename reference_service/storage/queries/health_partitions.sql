-- The partitions with an upper bound, and that bound.
SELECT relname, bound.ends::timestamptz
FROM pg_inherits
JOIN pg_class ON pg_class.oid = inhrelid
CROSS JOIN LATERAL (
    SELECT (regexp_match(pg_get_expr(relpartbound, pg_class.oid), 'TO \(''([^'']+)''\)'))[1] AS ends
) AS bound
WHERE inhparent = 'vendor_health_checks'::regclass AND bound.ends IS NOT NULL
ORDER BY bound.ends::timestamptz
