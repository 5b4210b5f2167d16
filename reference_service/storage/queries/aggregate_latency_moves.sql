-- What came into the window since the last round, and what has left it, be it that time went on or back.
INSERT INTO moved_latencies
SELECT vendor_id, response_time_ms, 1 FROM new_telemetry
WHERE created_at >= %(as_of)s - interval '24 hours'
UNION ALL
SELECT vendor_id, response_time_ms, CASE WHEN %(now)s > %(as_of)s THEN -1 ELSE 1 END FROM gateway_telemetry
WHERE created_at >= least(%(as_of)s, %(now)s) - interval '24 hours'
    AND created_at < greatest(%(as_of)s, %(now)s) - interval '24 hours'
