-- A request later than all before.
INSERT INTO fresh_activity
SELECT vendor_id, greatest(last_request_at, latest)
FROM (SELECT vendor_id, max(created_at) AS latest FROM new_telemetry GROUP BY vendor_id) AS arrived
JOIN vendor_metrics USING (vendor_id)
WHERE NOT EXISTS (SELECT FROM stale WHERE part = 'activity' AND stale.vendor_id = arrived.vendor_id)
