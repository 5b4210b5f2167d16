-- Takes what was written since the last round, and gives vendors without a row of metrics one.
WITH taken AS (DELETE FROM arrived_telemetry RETURNING *)
INSERT INTO new_telemetry SELECT * FROM taken;
WITH taken AS (DELETE FROM arrived_checks RETURNING *)
INSERT INTO new_checks SELECT * FROM taken;
WITH taken AS (DELETE FROM changed_vendors RETURNING *),
concerned (source, part) AS (
    VALUES ('gateway_telemetry', 'latency'), ('gateway_telemetry', 'activity'), ('vendor_health_checks', 'uptime'),
        ('payment_intents', 'payments'), ('payment_intents', 'activity'), ('vendor_disputes', 'rating')
),
added AS (
    INSERT INTO vendor_metrics (vendor_id)
    SELECT id FROM vendors WHERE NOT EXISTS (SELECT FROM vendor_metrics WHERE vendor_id = vendors.id)
    RETURNING vendor_id
)
INSERT INTO stale
SELECT part, vendor_id FROM taken JOIN concerned USING (source)
UNION
SELECT DISTINCT part, vendor_id FROM added, concerned
