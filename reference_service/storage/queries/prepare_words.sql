-- The words of many vendors, with the places of those where it occurs in the same parts of the text, and how relevant
-- these are to it: the rank of a single word depends on nothing else.
WITH common AS MATERIALIZED (
    SELECT word FROM ts_stat('SELECT search FROM search_texts')
    WHERE ndoc >= %(fewest)s
    ORDER BY ndoc DESC, word LIMIT %(most)s
),
placed AS (
    SELECT lexeme, array_to_string(weights, '') AS parts, array_agg(place) AS places, min(place) AS example
    FROM search_texts, unnest(search) AS held (lexeme, positions, weights)
    WHERE lexeme IN (SELECT word FROM common)
    GROUP BY lexeme, parts
)
SELECT lexeme, ts_rank(search, quote_literal(lexeme)::tsquery), places
FROM placed JOIN search_texts ON place = example
ORDER BY lexeme
