-- Figures that somebody other than the aggregator has written are to be computed anew.
CREATE TRIGGER note_arrival AFTER INSERT ON vendor_metrics REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT WHEN (current_setting('marketplace.aggregating', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION note_changed_vendors();
CREATE TRIGGER note_correction AFTER UPDATE ON vendor_metrics REFERENCING OLD TABLE AS was NEW TABLE AS changed
    FOR EACH STATEMENT WHEN (current_setting('marketplace.aggregating', true) IS DISTINCT FROM 'on')
    EXECUTE FUNCTION note_updated_vendors();
