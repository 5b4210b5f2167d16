-- The answer that was prepared for these words; no row where there is none, or where vendors have changed since.
WITH prepared AS (
    SELECT ids FROM search_pages
    WHERE words = {words} AND category = %(category)s AND sort = %(sort)s
        AND NOT EXISTS (SELECT FROM search_changes)
),
summary AS (
    SELECT
        (sum(vendors) FILTER (WHERE %(category)s IN ('', category)))::bigint AS total,
        json_agg(json_build_array(category, vendors) ORDER BY vendors DESC, category COLLATE "C")::text AS facets
    FROM search_facets
    WHERE words = {words}
),
page AS (
    SELECT listed.id, listed.place
    FROM prepared, unnest(ids[%(offset)s + 1 : %(offset)s + %(limit)s]) WITH ORDINALITY AS listed (id, place)
)
SELECT summary.total, summary.facets, {columns}, {score}
FROM prepared CROSS JOIN summary
LEFT JOIN page ON true
LEFT JOIN vendors AS v ON v.id = page.id
LEFT JOIN vendor_metrics AS m ON m.vendor_id = page.id
ORDER BY page.place
