DROP TABLE worker_progress;
