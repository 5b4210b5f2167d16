-- The tags of many vendors, with their places.
SELECT tag, array_agg(place)
FROM search_places JOIN vendors ON id = vendor_id, unnest(tags) AS tag
GROUP BY tag
HAVING count(*) >= %(fewest)s
ORDER BY count(*) DESC, tag LIMIT %(most)s
