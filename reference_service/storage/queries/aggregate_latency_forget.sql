DELETE FROM latency_bands WHERE vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'latency')
