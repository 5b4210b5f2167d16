-- Who was read anew and has nothing to count begins with the starting values.
INSERT INTO fresh_{part} (vendor_id)
SELECT vendor_id FROM stale WHERE part = '{part}'
EXCEPT
SELECT vendor_id FROM fresh_{part}
