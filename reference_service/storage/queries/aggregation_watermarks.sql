SELECT part, as_of, computed_at FROM aggregation_watermarks
