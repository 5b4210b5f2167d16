DROP FUNCTION forget_aggregation() CASCADE;
DROP FUNCTION note_checks() CASCADE;
DROP FUNCTION note_telemetry() CASCADE;
DROP FUNCTION note_updated_vendors() CASCADE;
DROP FUNCTION note_changed_vendors() CASCADE;
DROP INDEX vendor_health_checks_leaving;
DROP INDEX gateway_telemetry_leaving;
DROP TABLE latency_bands;
ALTER TABLE vendor_metrics RESET (fillfactor);
ALTER TABLE vendor_metrics
    DROP COLUMN latency_total_ns,
    DROP COLUMN latency_samples,
    DROP COLUMN all_checks,
    DROP COLUMN up_checks;
DROP TABLE changed_vendors;
DROP TABLE arrived_checks;
DROP TABLE arrived_telemetry;
DROP TABLE aggregation_watermarks;
