-- What this round has seen of what was written; what is committed meanwhile is not in its snapshot, and stays.
DELETE FROM arrived_telemetry;
DELETE FROM arrived_checks
