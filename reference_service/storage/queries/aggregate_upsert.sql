-- One row a vendor. What was not computed in this round, or whose part failed, keeps what was there.
UPDATE vendor_metrics AS kept
SET {figures},
    updated_at = %(now)s
FROM (SELECT * FROM {fresh}) AS fresh
WHERE kept.vendor_id = fresh.vendor_id
