-- Facets and first pages of one search: of all categories together and, for what people narrow down most, of each.
WITH matching AS MATERIALIZED (
    SELECT
        p.id, p.category, {narrowed} AS narrowed,
        p.rating, p.uptime, p.popular, p.fastest, p.recent, {relevance} AS relevance
    FROM search_places AS p
    WHERE {matches}
),
counted AS (
    INSERT INTO search_facets (words, category, vendors)
    SELECT %(words)s, category, count(*) FROM matching GROUP BY category
),
placed AS MATERIALIZED ({placed}),
placed_among_all AS (
    SELECT sort, id, place, row_number() OVER (PARTITION BY sort ORDER BY place) AS nth FROM placed
)
INSERT INTO search_pages (words, category, sort, ids)
SELECT %(words)s, narrowed, sort, array_agg(id ORDER BY place) FROM placed
WHERE narrowed <> '' GROUP BY narrowed, sort
UNION ALL
SELECT %(words)s, '', sort, array_agg(id ORDER BY place) FROM placed_among_all
WHERE nth <= %(deep)s GROUP BY sort
