-- What a search for one word costs before ranking: the vendors that match it.
SELECT v.id, ts_rank(v.search, asked.query)
FROM websearch_to_tsquery('pg_catalog.english', 'weather') AS asked (query)
JOIN vendors AS v ON v.search @@ asked.query
WHERE v.status = 'active'
