-- The active vendors that an alert is about.
SELECT vendor_id, uptime_pct
FROM vendor_metrics
JOIN vendors ON vendors.id = vendor_id
WHERE vendors.status = 'active' AND uptime_pct < %(below)s
ORDER BY uptime_pct, vendor_id
