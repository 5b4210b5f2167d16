avg_latency_ms = coalesce(fresh.avg_latency_ms, kept.avg_latency_ms),
p95_latency_ms = coalesce(fresh.p95_latency_ms, kept.p95_latency_ms),
p99_latency_ms = coalesce(fresh.p99_latency_ms, kept.p99_latency_ms),
latency_samples = coalesce(fresh.latency_samples, kept.latency_samples),
latency_total_ns = coalesce(fresh.latency_total_ns, kept.latency_total_ns)
