SELECT worker, last_success_at, last_success_at >= now() - make_interval(secs => 3 * interval_seconds)
FROM worker_heartbeats
