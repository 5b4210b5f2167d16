INSERT INTO aggregation_watermarks (part, as_of, computed_at) VALUES (%(part)s, %(now)s, %(now)s)
ON CONFLICT (part) DO UPDATE
SET as_of = excluded.as_of, computed_at = CASE WHEN %(anew)s THEN excluded.computed_at
                                               ELSE aggregation_watermarks.computed_at END
