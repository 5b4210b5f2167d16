SELECT {columns}, NULL
FROM vendors AS v LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
WHERE v.status = 'active' AND v.featured_order IS NOT NULL
ORDER BY v.featured_order, v.id
LIMIT %(limit)s
