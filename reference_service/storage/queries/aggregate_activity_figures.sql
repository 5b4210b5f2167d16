last_request_at = CASE WHEN of_all THEN fresh.last_request_at
                       ELSE greatest(fresh.last_request_at, kept.last_request_at) END
