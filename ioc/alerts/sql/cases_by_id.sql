-- Some cases as they are, if they are open.
SELECT
    alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
    crossed_at, toUnixTimestamp64Milli(raised_at), digest, toString(state), why, round, level,
    told_at, unknown_since, value, threshold, closed_at, version
FROM alert_cases FINAL
WHERE (shard, alert_id) IN {wanted:Array(Tuple(UInt8, String))}
    AND state IN ('open', 'acknowledged', 'explained')
