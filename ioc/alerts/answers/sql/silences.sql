-- Silences that stand or are to come.
SELECT silence_id, unit, rule, starts_at, ends_at, reason, person, role,
    toUnixTimestamp64Milli(made_at)
FROM alert_silences FINAL
WHERE ends_at > {now:Int64} AND ended_at = 0
ORDER BY starts_at, silence_id
