-- How many vendors have an uptime in each band, by the bands' lower bounds; how many of them are active; and the
-- active ones that an alert is about.
SELECT
    width_bucket(uptime_pct, %(bounds)s::double precision[]),
    count(*),
    count(*) FILTER (WHERE status = 'active'),
    coalesce(array_agg(vendor_id) FILTER (WHERE status = 'active' AND uptime_pct < %(below)s), '{}'),
    coalesce(array_agg(uptime_pct) FILTER (WHERE status = 'active' AND uptime_pct < %(below)s), '{}')
FROM vendor_metrics
JOIN vendors ON vendors.id = vendor_id
GROUP BY 1
