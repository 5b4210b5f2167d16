-- How many active vendors have an uptime in each band, by the bands' lower bounds.
SELECT width_bucket(uptime_pct, %(bounds)s::double precision[]), count(*)
FROM vendor_metrics
JOIN vendors ON vendors.id = vendor_id
WHERE vendors.status = 'active'
GROUP BY 1
