-- A request that may be later than all before.
INSERT INTO fresh_activity
SELECT vendor_id, max(created_at), false
FROM arrived_telemetry
WHERE NOT EXISTS (SELECT FROM stale WHERE part = 'activity' AND stale.vendor_id = arrived_telemetry.vendor_id)
GROUP BY vendor_id
