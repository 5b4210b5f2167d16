INSERT INTO search_categories (category, first_place, vendors)
SELECT category, min(place), count(*) FROM search_places JOIN vendors ON id = vendor_id GROUP BY category
