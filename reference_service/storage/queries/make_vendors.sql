-- For measurements: vendors of which nothing matters but that they are there.
INSERT INTO vendors (id, app_id, slug, service_name, description, category, base_url, default_price_usd)
SELECT number, 'app-' || number, 'vendor-' || number, 'Vendor', 'Made up', 'none', 'http://vendor.test', 1
FROM generate_series(1, %(vendors)s::integer) AS number
