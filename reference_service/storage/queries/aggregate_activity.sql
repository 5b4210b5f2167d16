-- The latest sign of a request: a payment intent or a row of telemetry, each the end of an index.
INSERT INTO fresh_activity
SELECT
    id,
    greatest(
        (SELECT max(created_at) FROM payment_intents WHERE vendor_id = vendors.id),
        (SELECT max(created_at) FROM gateway_telemetry WHERE vendor_id = vendors.id)
    )
FROM vendors
WHERE id IN (SELECT vendor_id FROM stale WHERE part = 'activity')
