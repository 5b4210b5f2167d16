-- The rank of each place's figure among the distinct ones, and these.
WITH keyed AS MATERIALIZED (SELECT place, {key} AS key FROM ({figures}) AS figures),
kept AS (
    INSERT INTO search_figures (figure, ranked)
    SELECT %(figure)s, coalesce(array_agg(key ORDER BY key), '{}') FROM (SELECT DISTINCT key FROM keyed) AS different
)
SELECT array_agg(rank ORDER BY place)
FROM (SELECT place, dense_rank() OVER (ORDER BY key) - 1 AS rank FROM keyed) AS ranked
