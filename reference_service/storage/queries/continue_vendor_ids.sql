-- Ids were given; the next one that the sequence makes comes after them.
SELECT setval(pg_get_serial_sequence('vendors', 'id'), (SELECT max(id) FROM vendors))
