SELECT category, count(*)
FROM vendors
WHERE status = 'active'
GROUP BY category
ORDER BY count(*) DESC, category COLLATE "C"
