-- Silences that stand or begin later.
SELECT silence_id, unit, rule, starts_at, ends_at, ended_at
FROM alert_silences FINAL
WHERE ends_at > {now:Int64} AND ended_at = 0
