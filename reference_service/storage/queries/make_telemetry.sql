-- For measurements: rows in order of time, of vendors drawn by their shares, with latencies that differ.
WITH shares AS MATERIALIZED (
    SELECT array_agg(below ORDER BY number) AS bounds
    FROM (
        SELECT number, (sum(share) OVER (ORDER BY number) - share) / sum(share) OVER () AS below
        FROM (SELECT number, number::float8 ^ -%(skew)s::float8 AS share
              FROM generate_series(1, %(vendors)s::integer) AS number) AS shared
    ) AS summed
)
INSERT INTO gateway_telemetry (vendor_id, response_time_ms, status_code, created_at)
SELECT
    greatest(1, width_bucket(random(), bounds)), exp(4 + random() + random() + random()), 200,
    %(begins)s::timestamptz + (number - 1) * (%(ends)s::timestamptz - %(begins)s::timestamptz) / %(rows)s::float8
FROM generate_series(1, %(rows)s::integer) AS number, shares
