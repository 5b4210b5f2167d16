-- Both bands of a vendor in one row, each between bounds that stay: fewer rows to read and to write in a round. The
-- next round reads everything anew. A worker of the release before fails at this part until it is replaced, and
-- so keeps the last good figures; it must not go on from bands that another has not kept up.
-- Contract step:
DROP TABLE latency_bands;
CREATE TABLE latency_bands (
    vendor_id    bigint PRIMARY KEY,
    above_95     bigint NOT NULL,
    lowest_95    double precision NOT NULL,
    highest_95   double precision NOT NULL,
    above_99     bigint NOT NULL,
    lowest_99    double precision NOT NULL,
    highest_99   double precision NOT NULL,
    latencies_95 double precision[] NOT NULL,
    latencies_99 double precision[] NOT NULL
) WITH (fillfactor = 80);

-- Whole nanoseconds of a day: what is too much for them is counted again in each round.
-- Contract step:
ALTER TABLE vendor_metrics ALTER COLUMN latency_total_ns TYPE bigint USING NULL;

-- A vendor whose row of metrics is yet to be made, or made again.
CREATE FUNCTION note_new_vendors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_vendors SELECT TG_TABLE_NAME, id FROM changed;
    RETURN NULL;
END $$;
CREATE TRIGGER note_new AFTER INSERT ON vendors REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_new_vendors();
CREATE TRIGGER note_removal AFTER DELETE ON vendor_metrics REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_vendors();

DELETE FROM aggregation_watermarks;
