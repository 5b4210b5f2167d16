-- What follows reads the texts again and again: narrow rows are read faster.
CREATE TEMPORARY TABLE search_texts AS
SELECT place, search FROM search_places JOIN vendors ON id = vendor_id
