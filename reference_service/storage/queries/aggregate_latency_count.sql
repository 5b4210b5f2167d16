-- How many samples each vendor has won or lost, and how much time: in whole nanoseconds, which add up exactly
-- whatever comes and goes. An absurd time leaves the sum unknown.
INSERT INTO moved_vendors
SELECT
    vendor_id, sum(weight),
    CASE WHEN max(response_time_ms) < 1e12 THEN sum(weight * (least(response_time_ms, 1e12) * 1e6)::bigint) END
FROM moved_latencies
GROUP BY vendor_id
