-- Where the parts of a round wait for the upsert.
CREATE TEMPORARY TABLE fresh_uptime (
    vendor_id bigint PRIMARY KEY, uptime_pct numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh_latency (
    vendor_id bigint PRIMARY KEY,
    avg_latency_ms double precision, p95_latency_ms double precision, p99_latency_ms double precision
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh_payments (
    vendor_id bigint PRIMARY KEY,
    total_requests bigint, success_rate numeric, error_rate numeric,
    unique_agents bigint, total_revenue_usd numeric
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh_activity (
    vendor_id bigint PRIMARY KEY, last_request_at timestamptz
) ON COMMIT DROP;
CREATE TEMPORARY TABLE fresh_rating (
    vendor_id bigint PRIMARY KEY, rating_score numeric
) ON COMMIT DROP
