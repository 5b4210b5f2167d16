DROP TRIGGER note_correction ON vendor_metrics;
DROP TRIGGER note_arrival ON vendor_metrics;
