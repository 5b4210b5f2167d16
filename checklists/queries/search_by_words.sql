-- What a search for two words costs before ranking. (One common word may match so much of a small table that
-- reading all of it is cheaper: that would say nothing about the index.)
SELECT v.id, ts_rank(v.search, asked.query)
FROM websearch_to_tsquery('pg_catalog.english', 'weather radar') AS asked (query)
JOIN vendors AS v ON v.search @@ asked.query
WHERE v.status = 'active'
