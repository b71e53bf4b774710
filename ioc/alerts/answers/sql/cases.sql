-- Some cases, by their ids.
SELECT
    alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
    crossed_at, toUnixTimestamp64Milli(raised_at), digest, toString(state), why, round, level,
    told_at, unknown_since, value, threshold, closed_at, version
FROM alert_cases FINAL
WHERE alert_id IN {alert_ids:Array(String)}
ORDER BY crossed_at, alert_id
