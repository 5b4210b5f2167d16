uptime_pct = coalesce(fresh.uptime_pct, kept.uptime_pct),
up_checks = coalesce(fresh.up_checks, kept.up_checks),
all_checks = coalesce(fresh.all_checks, kept.all_checks)
