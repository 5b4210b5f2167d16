-- A response time that is absurd or no number (NaN is above all) would spoil its vendor's figures. Rows that were there
-- before are not looked at, which would hold up whoever writes: the aggregator passes over theirs.
ALTER TABLE gateway_telemetry
    ADD CONSTRAINT gateway_telemetry_response_time_bounded CHECK (response_time_ms < 1e9) NOT VALID;
ALTER TABLE vendor_health_checks
    ADD CONSTRAINT vendor_health_checks_response_time_bounded CHECK (response_time_ms < 1e9) NOT VALID;

-- Figures that such rows have spoiled are computed anew.
DELETE FROM aggregation_watermarks WHERE part = 'latency';
