-- Volume and outcome of all payment intents; revenue and agents of the settled ones, in exact decimals.
INSERT INTO fresh_payments
SELECT
    vendor_id,
    count(*),
    round(100.0 * count(*) FILTER (WHERE status = 'settled') / count(*), 2),
    round(100.0 * count(*) FILTER (WHERE status = 'failed') / count(*), 2),
    count(DISTINCT agent_id) FILTER (WHERE status = 'settled'),
    coalesce(sum(amount_usd) FILTER (WHERE status = 'settled'), 0)
FROM payment_intents
WHERE vendor_id IN (SELECT vendor_id FROM stale WHERE part = 'payments')
GROUP BY vendor_id
