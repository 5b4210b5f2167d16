SELECT '{sort}' AS sort, narrowed, id, place
FROM (
    SELECT id, narrowed, {sort} AS place, row_number() OVER (PARTITION BY narrowed ORDER BY {sort}) AS nth
    FROM matching
) AS {sort}
WHERE nth <= %(deep)s
