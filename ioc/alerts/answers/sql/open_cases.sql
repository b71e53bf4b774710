-- Cases that are not settled, of some units as authority or as handler; the newest first.
SELECT
    alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
    crossed_at, toUnixTimestamp64Milli(raised_at), digest, toString(state), why, round, level,
    told_at, unknown_since, value, threshold, closed_at, version
FROM alert_cases FINAL
WHERE state IN ('open', 'acknowledged', 'explained')
    AND (unit IN {units:Array(String)} OR handler IN {units:Array(String)})
    AND (dossier_id = {dossier:String} OR {dossier:String} = '')
ORDER BY crossed_at DESC, alert_id
LIMIT {most:UInt32}
