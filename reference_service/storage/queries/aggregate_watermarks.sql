INSERT INTO aggregation_watermarks (part, as_of, computed_at)
SELECT part, %(now)s, %(now)s FROM unnest(%(parts)s::text[]) AS part
ON CONFLICT (part) DO UPDATE
SET as_of = excluded.as_of, computed_at = CASE WHEN excluded.part = ANY (%(anew)s::text[]) THEN excluded.computed_at
                                               ELSE aggregation_watermarks.computed_at END
