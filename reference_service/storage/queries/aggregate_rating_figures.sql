rating_score = coalesce(fresh.rating_score, kept.rating_score)
