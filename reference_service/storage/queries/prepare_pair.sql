-- The vendors that have both words, by how relevant they are.
INSERT INTO search_pairs (words, score, places)
SELECT %(words)s, ts_rank(search, %(query)s::tsquery) AS score, array_agg(place)
FROM search_texts WHERE search @@ %(query)s::tsquery
GROUP BY score
