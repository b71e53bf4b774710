-- Cases that are open, or closed so lately that a late event may still change them.
SELECT
    alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
    crossed_at, toUnixTimestamp64Milli(raised_at), digest, toString(state), why, round, level,
    told_at, unknown_since, value, threshold, closed_at, version
FROM alert_cases FINAL
WHERE state IN ('open', 'acknowledged', 'explained') OR closed_at >= {watch_from:Int64}
