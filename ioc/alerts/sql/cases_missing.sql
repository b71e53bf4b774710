-- Alerts that workers raised and stored, of which no alert process heard: their record went with a
-- topic that was made anew.
SELECT
    alert_id, toString(rule), dossier_id, shard, toString(authority), toString(handler),
    toString(receiver), leg, about_at, crossed_at, toUnixTimestamp64Milli(raised_at), digest
FROM alerts FINAL
WHERE raised_at >= fromUnixTimestamp64Milli({since_ms:Int64})
    AND raised_at < fromUnixTimestamp64Milli({until_ms:Int64})
    AND (shard, alert_id) NOT IN
    (
        SELECT shard, alert_id
        FROM alert_cases
        WHERE (shard, alert_id) IN
            (
                SELECT shard, alert_id
                FROM alerts
                WHERE raised_at >= fromUnixTimestamp64Milli({since_ms:Int64})
            )
    )
LIMIT 50000
