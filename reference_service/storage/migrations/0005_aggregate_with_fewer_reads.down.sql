DROP TRIGGER note_removal ON vendor_metrics;
DROP FUNCTION note_new_vendors() CASCADE;
DROP TABLE latency_bands;
CREATE TABLE latency_bands (
    vendor_id bigint NOT NULL,
    quantile  double precision NOT NULL,
    above     bigint NOT NULL,
    highest   double precision NOT NULL,
    lowest    double precision NOT NULL,
    latencies double precision[] NOT NULL,
    PRIMARY KEY (vendor_id, quantile)
) WITH (fillfactor = 80);
ALTER TABLE vendor_metrics ALTER COLUMN latency_total_ns TYPE numeric;
DELETE FROM aggregation_watermarks;
