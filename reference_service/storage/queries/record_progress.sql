-- A worker's round goes on.
INSERT INTO worker_progress (worker, seen_at, interval_seconds)
VALUES (%(worker)s, now(), %(interval)s)
ON CONFLICT (worker) DO UPDATE SET seen_at = excluded.seen_at, interval_seconds = excluded.interval_seconds
