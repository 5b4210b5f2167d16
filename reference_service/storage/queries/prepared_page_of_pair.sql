UNION ALL (
    SELECT listed.place, score, row_number() OVER (ORDER BY score DESC, coalesce(m.rating_score, 5) DESC, p.vendor_id)
    FROM (
        SELECT place, score
        FROM chosen, (
            SELECT unnest(places) AS place, score FROM search_pairs, asked
            WHERE search_pairs.words = asked.words ORDER BY score DESC
        ) AS ordered
        WHERE get_bit(chosen.bits, place) = 1
        ORDER BY score DESC FETCH FIRST (%(offset)s::bigint + %(limit)s) ROWS WITH TIES
    ) AS listed
    JOIN search_places AS p ON p.place = listed.place
    LEFT JOIN vendor_metrics AS m ON m.vendor_id = p.vendor_id
    ORDER BY 3 LIMIT %(limit)s OFFSET %(offset)s
)
