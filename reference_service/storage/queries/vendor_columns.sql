v.id, v.app_id, v.slug, v.service_name, v.description, v.logo_url, v.category,
v.default_price_usd::double precision AS default_price_usd, v.tags, v.is_verified, v.featured_order,
coalesce(m.uptime_pct, 100) AS uptime_pct, coalesce(m.avg_latency_ms, 0) AS avg_latency_ms,
coalesce(m.rating_score, 5) AS rating_score, coalesce(m.total_requests, 0) AS total_requests,
coalesce(m.success_rate, 100) AS success_rate, coalesce(m.unique_agents, 0) AS unique_agents, m.last_request_at
