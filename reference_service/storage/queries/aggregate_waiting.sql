-- The parts that have computed anything: the others are left out of the upsert, whose rows they would only widen.
SELECT 'uptime' WHERE EXISTS (SELECT FROM fresh_uptime)
UNION ALL SELECT 'latency' WHERE EXISTS (SELECT FROM fresh_latency)
UNION ALL SELECT 'payments' WHERE EXISTS (SELECT FROM fresh_payments)
UNION ALL SELECT 'activity' WHERE EXISTS (SELECT FROM fresh_activity)
UNION ALL SELECT 'rating' WHERE EXISTS (SELECT FROM fresh_rating)
