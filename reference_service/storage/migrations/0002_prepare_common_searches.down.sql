DROP TRIGGER note_search_change ON vendor_metrics;
DROP TRIGGER note_search_change ON vendors;
DROP FUNCTION note_search_change();
DROP TABLE search_pages;
DROP TABLE search_facets;
DROP TABLE search_changes;
