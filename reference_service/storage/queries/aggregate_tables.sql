-- Whom to read anew, and where the parts of a round wait for the upsert. The defaults are the starting values, for who
-- is read anew and has nothing in the window. Made once a session; empty when a round begins. No type is of unbounded
-- length: it would bring a TOAST table, whose index is made anew at each commit.
CREATE TEMPORARY TABLE IF NOT EXISTS stale (
    part varchar(16), vendor_id bigint, PRIMARY KEY (part, vendor_id)
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_uptime (
    vendor_id bigint, uptime_pct double precision DEFAULT 100, up_checks bigint DEFAULT 0, all_checks bigint DEFAULT 0
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_latency (
    vendor_id bigint, avg_latency_ms double precision DEFAULT 0,
    p95_latency_ms double precision DEFAULT 0, p99_latency_ms double precision DEFAULT 0,
    latency_samples bigint DEFAULT 0, latency_total_ns bigint DEFAULT 0
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_payments (
    vendor_id bigint,
    total_requests bigint DEFAULT 0, success_rate double precision DEFAULT 100, error_rate double precision DEFAULT 0,
    unique_agents bigint DEFAULT 0, total_revenue_usd numeric(24, 6) DEFAULT 0
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_activity (
    vendor_id bigint, last_request_at timestamptz, of_all boolean DEFAULT true
) ON COMMIT DELETE ROWS;
CREATE TEMPORARY TABLE IF NOT EXISTS fresh_rating (
    vendor_id bigint, rating_score double precision DEFAULT 5
) ON COMMIT DELETE ROWS
