-- A place for every visible vendor: category after category, each in the order of ids.
INSERT INTO search_places (place, vendor_id)
SELECT row_number() OVER (ORDER BY category COLLATE "C", id) - 1, id FROM vendors WHERE status = 'active'
