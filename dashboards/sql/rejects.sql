-- Records that could not be read in the period, by source and reason.
SELECT
    toString(source) AS source,
    toString(code) AS code,
    count() AS rejected,
    countIf(state = 'open') AS open_letters,
    toUnixTimestamp64Milli(max(log_at)) AS newest_at
FROM dead_letters FINAL
WHERE log_at >= fromUnixTimestamp64Milli({from_at:Int64} * 1000)
    AND log_at < fromUnixTimestamp64Milli({until_at:Int64} * 1000)
GROUP BY source, code
ORDER BY rejected DESC, source, code
LIMIT 2 * {rows:UInt16}
