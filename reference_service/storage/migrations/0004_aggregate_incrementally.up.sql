-- The aggregator computes what has changed since its last round. How far each part came, by the clock of its round;
-- a part without a row is computed anew.
CREATE TABLE aggregation_watermarks (
    part        text PRIMARY KEY,
    as_of       timestamptz NOT NULL,
    computed_at timestamptz NOT NULL
);

-- What was written since the last round: rows that came one by one, and vendors whose past is to be read again.
CREATE TABLE arrived_telemetry (
    vendor_id        bigint NOT NULL,
    response_time_ms double precision NOT NULL,
    created_at       timestamptz NOT NULL
);
CREATE TABLE arrived_checks (
    vendor_id  bigint NOT NULL,
    status     text NOT NULL,
    checked_at timestamptz NOT NULL
);
CREATE TABLE changed_vendors (
    source    text NOT NULL,
    vendor_id bigint NOT NULL
);

-- The counts and the exact sum behind a vendor's figures; null: to be counted again.
ALTER TABLE vendor_metrics
    ADD COLUMN up_checks bigint,
    ADD COLUMN all_checks bigint,
    ADD COLUMN latency_samples bigint,
    ADD COLUMN latency_total_ns numeric;
-- Updated at every round: room for the new version of a row beside the old one.
ALTER TABLE vendor_metrics SET (fillfactor = 60);

-- The latencies next to a quantile, highest first, and how many of the window are not lower than all of these.
CREATE TABLE latency_bands (
    vendor_id bigint NOT NULL,
    quantile  double precision NOT NULL,
    above     bigint NOT NULL,
    highest   double precision NOT NULL,
    lowest    double precision NOT NULL,
    latencies double precision[] NOT NULL,
    PRIMARY KEY (vendor_id, quantile)
) WITH (fillfactor = 80);

-- What leaves a window.
CREATE INDEX gateway_telemetry_leaving ON gateway_telemetry (created_at);
CREATE INDEX vendor_health_checks_leaving ON vendor_health_checks (checked_at);

CREATE FUNCTION note_changed_vendors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_vendors SELECT DISTINCT TG_TABLE_NAME, vendor_id FROM changed;
    RETURN NULL;
END $$;
CREATE FUNCTION note_updated_vendors() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_vendors
    SELECT TG_TABLE_NAME, vendor_id FROM (SELECT vendor_id FROM was UNION SELECT vendor_id FROM changed) AS touched;
    RETURN NULL;
END $$;
-- Many rows at once are a load of data: reading them again costs less than keeping each.
CREATE FUNCTION note_telemetry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM changed) > 5000 THEN
        INSERT INTO changed_vendors SELECT DISTINCT TG_TABLE_NAME, vendor_id FROM changed;
    ELSE
        INSERT INTO arrived_telemetry SELECT vendor_id, response_time_ms, created_at FROM changed;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION note_checks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(*) FROM changed) > 5000 THEN
        INSERT INTO changed_vendors SELECT DISTINCT TG_TABLE_NAME, vendor_id FROM changed;
    ELSE
        INSERT INTO arrived_checks SELECT vendor_id, status, checked_at FROM changed;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION forget_aggregation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM aggregation_watermarks;
    RETURN NULL;
END $$;

CREATE TRIGGER note_arrival AFTER INSERT ON gateway_telemetry REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_telemetry();
CREATE TRIGGER note_arrival AFTER INSERT ON vendor_health_checks REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_checks();
CREATE TRIGGER note_arrival AFTER INSERT ON payment_intents REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_vendors();
CREATE TRIGGER note_arrival AFTER INSERT ON vendor_disputes REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION note_changed_vendors();
DO $$
DECLARE
    source text;
BEGIN
    FOREACH source IN ARRAY ARRAY['gateway_telemetry', 'vendor_health_checks', 'payment_intents', 'vendor_disputes']
    LOOP
        EXECUTE format('CREATE TRIGGER note_correction AFTER UPDATE ON %I REFERENCING OLD TABLE AS was'
            ' NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_updated_vendors()', source);
        EXECUTE format('CREATE TRIGGER note_removal AFTER DELETE ON %I REFERENCING OLD TABLE AS changed'
            ' FOR EACH STATEMENT EXECUTE FUNCTION note_changed_vendors()', source);
        EXECUTE format('CREATE TRIGGER forget_all AFTER TRUNCATE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION forget_aggregation()', source);
    END LOOP;
END $$;
CREATE TRIGGER forget_all AFTER TRUNCATE ON vendor_metrics
    FOR EACH STATEMENT EXECUTE FUNCTION forget_aggregation();
