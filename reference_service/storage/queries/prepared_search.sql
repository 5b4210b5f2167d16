-- The answer from what was prepared; no row where something of it was not, or where vendors have changed since.
WITH asked AS MATERIALIZED (SELECT {words} AS words),
matching AS MATERIALIZED (
    SELECT every.bits & every.bits {conditions} AS bits
    FROM search_bits AS every, asked
    WHERE every.kind = 'all' AND NOT EXISTS (SELECT FROM search_changes) {ranked}
),
facets AS MATERIALIZED (
    SELECT category, first_place, held.vendors, bit_count(substring(bits FROM first_place + 1 FOR held.vendors)) AS found
    FROM matching, search_categories AS held
),
chosen AS MATERIALIZED (SELECT {chosen} AS bits FROM matching),
alike AS MATERIALIZED ({alike}),
counted AS (
    SELECT
        score, bits, bit_count(bits) AS found,
        (sum(bit_count(bits)) OVER (ORDER BY score DESC))::bigint AS reached
    FROM alike
),
page AS ((
    SELECT place, score, nth
    FROM counted CROSS JOIN LATERAL (
        SELECT place, row_number() OVER () AS nth
        FROM (
            SELECT place
            FROM (SELECT unnest(places) AS place FROM search_orders WHERE sort = '{sort}' ORDER BY chunk) AS ordered
            WHERE get_bit(counted.bits, place) = 1
            LIMIT %(limit)s OFFSET greatest(0, %(offset)s::bigint - (reached - found))
        ) AS listed
    ) AS listed
    WHERE reached > %(offset)s AND reached - found < %(offset)s::bigint + %(limit)s
    ORDER BY score DESC, nth LIMIT %(limit)s
) {page_of_pair}),
summary AS (
    SELECT
        (SELECT bit_count(bits) FROM chosen) AS total,
        coalesce(
            json_agg(json_build_array(category, found) ORDER BY found DESC, category COLLATE "C") FILTER (WHERE found > 0),
            '[]'
        )::text AS facets
    FROM facets
)
SELECT summary.total, summary.facets, {columns}, {score}
FROM summary
LEFT JOIN page ON true
LEFT JOIN search_places AS p ON p.place = page.place
LEFT JOIN vendors AS v ON v.id = p.vendor_id
LEFT JOIN vendor_metrics AS m ON m.vendor_id = v.id
WHERE summary.total IS NOT NULL
ORDER BY page.score DESC, page.nth
