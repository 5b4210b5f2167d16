-- One row without a check where the vendor was never checked; no row where there is no such vendor.
SELECT v.id, c.status, c.response_time_ms, c.status_code, c.error, c.checked_at
FROM vendors AS v
LEFT JOIN LATERAL (
    SELECT * FROM vendor_health_checks
    WHERE vendor_id = v.id
    ORDER BY checked_at DESC, id
    LIMIT %(limit)s
) AS c ON true
WHERE v.status = 'active' AND {key}
ORDER BY c.checked_at DESC, c.id
