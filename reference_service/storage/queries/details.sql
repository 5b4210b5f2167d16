SELECT {columns}, NULL,
       v.website_url, v.created_at,
       coalesce(m.p95_latency_ms, 0), coalesce(m.p99_latency_ms, 0), coalesce(m.error_rate, 0),
       round(coalesce(m.total_revenue_usd, 0), 6)::text,
       -- A round leaves alone the rows whose figures nothing has changed, and has brought them up to date too.
       CASE WHEN m.vendor_id IS NOT NULL
            THEN greatest(m.updated_at, (SELECT min(as_of) FROM aggregation_watermarks)) END
FROM vendors AS v LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
WHERE v.status = 'active' AND {key}
