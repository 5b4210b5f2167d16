-- 5.0, less 0.5 for each upheld dispute and 0.1 for each open one, and never below 1.0.
INSERT INTO fresh_rating
SELECT
    vendor_id,
    greatest(
        5.0 - 0.5 * count(*) FILTER (WHERE status = 'upheld') - 0.1 * count(*) FILTER (WHERE status = 'open'),
        1.0
    )
FROM vendor_disputes
WHERE vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'rating')
GROUP BY vendor_id
