-- All places in one order.
INSERT INTO search_orders (sort, chunk, places)
SELECT %(sort)s, nth / 400, array_agg(place ORDER BY nth)
FROM (
    SELECT place, row_number() OVER (ORDER BY {order}) - 1 AS nth FROM ({figures}) AS figures
) AS ordered
GROUP BY nth / 400
