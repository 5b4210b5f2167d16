-- Takes whose past is to be read again, and gives vendors without a row of metrics one.
WITH taken AS (DELETE FROM changed_vendors RETURNING *),
concerned (source, part) AS (
    VALUES ('gateway_telemetry', 'latency'), ('gateway_telemetry', 'activity'), ('vendor_health_checks', 'uptime'),
        ('payment_intents', 'payments'), ('payment_intents', 'activity'), ('vendor_disputes', 'rating')
),
added AS (
    INSERT INTO vendor_metrics (vendor_id)
    SELECT id FROM vendors
    WHERE id IN (
            SELECT vendor_id FROM taken WHERE source IN ('vendors', 'vendor_metrics')
            UNION ALL
            SELECT id FROM vendors WHERE %(anew)s
        )
        AND NOT EXISTS (SELECT FROM vendor_metrics WHERE vendor_id = vendors.id)
    RETURNING vendor_id
)
INSERT INTO stale
SELECT part, vendor_id FROM taken JOIN concerned USING (source)
UNION
SELECT part, vendor_id
FROM (SELECT vendor_id FROM added UNION ALL SELECT vendor_id FROM taken WHERE source = 'vendor_metrics') AS unknown,
    concerned
