-- What the health checker asks.
SELECT id, base_url || health_endpoint
FROM vendors
WHERE status = 'active' AND health_endpoint IS NOT NULL
ORDER BY id
