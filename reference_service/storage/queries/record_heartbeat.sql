-- A worker's round has succeeded.
INSERT INTO worker_heartbeats (worker, last_success_at, interval_seconds)
VALUES (%(worker)s, now(), %(interval)s)
ON CONFLICT (worker) DO UPDATE
SET last_success_at = excluded.last_success_at, interval_seconds = excluded.interval_seconds
