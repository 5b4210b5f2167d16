-- name_starts holds, as lexemes, the name's tails from each place where a word may begin; quoted and starred, the
-- text asked for is a prefix of one of them. Longer names are cut there at 120 characters, queries are shorter.
SELECT v.id, v.slug, v.service_name, v.category, coalesce(m.rating_score, 5)
FROM (SELECT folded_name(%(prefix)s) AS prefix) AS asked
JOIN vendors AS v
    ON v.name_starts @@ ('''' || replace(replace(asked.prefix, '\', '\\'), '''', '''''') || ''':*')::tsquery
LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
WHERE v.status = 'active'
ORDER BY starts_with(folded_name(v.service_name), asked.prefix) DESC, coalesce(m.total_requests, 0) DESC, v.id
LIMIT %(limit)s
