-- Records that came lately and that no delivering process has looked at: version 1 is their newest.
SELECT
    alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
    crossed_at, toUnixTimestamp64Milli(raised_at), digest, toString(state), why, round, level,
    told_at, unknown_since, value, threshold, closed_at, version
FROM alert_cases FINAL
WHERE (shard, alert_id) IN
    (
        SELECT shard, alert_id
        FROM alert_cases
        WHERE version = 1 AND stored_at >= fromUnixTimestamp64Milli({since_ms:Int64})
    )
    AND version = 1
