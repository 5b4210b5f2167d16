SELECT method, path, name, description, price_usd::double precision
FROM vendor_endpoints
WHERE vendor_id = %(vendor_id)s
ORDER BY id
