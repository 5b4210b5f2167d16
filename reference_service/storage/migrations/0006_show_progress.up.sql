-- Progress of a worker in the middle of a round, which may take longer than a few intervals.
CREATE TABLE worker_progress (
    worker           text PRIMARY KEY CHECK (worker IN ('health-checker', 'metrics-aggregator', 'partition-manager')),
    seen_at          timestamptz NOT NULL,
    interval_seconds double precision NOT NULL CHECK (interval_seconds > 0)
);
