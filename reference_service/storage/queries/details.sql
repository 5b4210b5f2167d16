SELECT {columns}, NULL,
       v.website_url, v.created_at,
       coalesce(m.p95_latency_ms, 0), coalesce(m.p99_latency_ms, 0), coalesce(m.error_rate, 0),
       round(coalesce(m.total_revenue_usd, 0), 6)::text, m.updated_at
FROM vendors AS v LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
WHERE v.status = 'active' AND {key}
