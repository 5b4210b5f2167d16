-- A worker is judged by the last sign of it: a round that has succeeded, or one that goes on.
SELECT
    worker, last_success_at,
    greatest(last_success_at, seen_at)
        >= now() - make_interval(secs => 3 * coalesce(h.interval_seconds, p.interval_seconds))
FROM worker_heartbeats AS h FULL JOIN worker_progress AS p USING (worker)
