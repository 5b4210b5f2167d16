-- How many vendors have an uptime in each band, by the bands' lower bounds, apart for the active ones; and who is below
-- a threshold. Few are inactive: to know them costs less than to join all.
SELECT
    width_bucket(uptime_pct, %(bounds)s::double precision[]),
    vendor_id NOT IN (SELECT id FROM vendors WHERE status <> 'active') AS active,
    count(*),
    coalesce(array_agg(vendor_id) FILTER (WHERE uptime_pct < %(below)s), '{}'),
    coalesce(array_agg(uptime_pct) FILTER (WHERE uptime_pct < %(below)s), '{}')
FROM vendor_metrics
GROUP BY 1, 2
