total_requests = coalesce(fresh.total_requests, kept.total_requests),
success_rate = coalesce(fresh.success_rate, kept.success_rate),
error_rate = coalesce(fresh.error_rate, kept.error_rate),
unique_agents = coalesce(fresh.unique_agents, kept.unique_agents),
total_revenue_usd = coalesce(fresh.total_revenue_usd, kept.total_revenue_usd)
