-- Messages of the last hours by person, for the limit of their rate.
SELECT person, intDiv(toUnixTimestamp64Milli(due_at), 1000) AS at, kind = 'summary' AS summary
FROM alert_deliveries FINAL
WHERE due_at >= fromUnixTimestamp64Milli({since_ms:Int64})
    AND kind NOT IN ('digest', 'weekly') AND state != 'dropped'
ORDER BY at
