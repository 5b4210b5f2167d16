-- Everybody's past is read again for this part.
INSERT INTO stale SELECT %(part)s, id FROM vendors ON CONFLICT DO NOTHING
