-- One row a check; a vendor that was deleted meanwhile has no history to add to.
INSERT INTO vendor_health_checks (vendor_id, status, response_time_ms, status_code, error, checked_at)
SELECT done.vendor_id, done.status, done.response_time_ms, done.status_code, done.error, done.checked_at
FROM unnest(
    %(vendor_ids)s::bigint[], %(statuses)s::text[], %(times)s::double precision[],
    %(codes)s::integer[], %(errors)s::text[], %(moments)s::timestamptz[]
) AS done (vendor_id, status, response_time_ms, status_code, error, checked_at)
JOIN vendors ON vendors.id = done.vendor_id
ORDER BY done.checked_at
