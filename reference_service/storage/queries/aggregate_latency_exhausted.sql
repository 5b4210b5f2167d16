INSERT INTO stale
SELECT 'latency', vendor_id FROM moved_vendors
WHERE NOT EXISTS (SELECT FROM fresh_latency WHERE fresh_latency.vendor_id = moved_vendors.vendor_id)
ON CONFLICT DO NOTHING
