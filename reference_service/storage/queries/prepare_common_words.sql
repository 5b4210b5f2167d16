-- The words of at least one vendor in a hundred, and the pairs of those of one in ten.
WITH common AS (
    SELECT word, ndoc FROM ts_stat('SELECT search FROM search_places')
    WHERE ndoc >= greatest(%(fewest)s, (SELECT count(*) FROM search_places) / 100)
),
very_common AS (
    SELECT word FROM common
    WHERE ndoc >= greatest(%(fewest)s, (SELECT count(*) FROM search_places) / 10)
    ORDER BY ndoc DESC, word LIMIT %(most_paired)s
)
SELECT ARRAY[word] FROM (SELECT word FROM common ORDER BY ndoc DESC, word LIMIT %(most_words)s) AS kept
UNION ALL
SELECT ARRAY[one.word, other.word] COLLATE "C"
FROM very_common AS one JOIN very_common AS other ON one.word COLLATE "C" < other.word COLLATE "C"
