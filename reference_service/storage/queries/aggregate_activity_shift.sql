-- A request that may be later than all before.
INSERT INTO fresh_activity
SELECT vendor_id, max(created_at), false
FROM arrived_telemetry
GROUP BY vendor_id
HAVING vendor_id NOT IN (SELECT vendor_id FROM stale WHERE part = 'activity')
