-- When each source was heard last, how late its newest event came, how far its clock is off (the
-- key that is furthest off counts, of those used within a week), and what of it could not be read.
WITH
    heard AS
    (
        SELECT
            toString(source) AS source,
            toUnixTimestamp64Milli(max(last_log_at)) AS last_ms,
            toUnixTimestamp64Milli(max(last_occurred_at)) AS occurred_ms
        FROM sources FINAL
        GROUP BY source
    ),
    letters AS
    (
        SELECT
            toString(source) AS source,
            countIf(state = 'open') AS open_letters,
            countIf(log_at >= fromUnixTimestamp64Milli({from_at:Int64} * 1000)
                AND log_at < fromUnixTimestamp64Milli({until_at:Int64} * 1000)) AS rejected
        FROM dead_letters FINAL
        GROUP BY source
    ),
    clocks AS
    (
        SELECT
            toString(source) AS source,
            argMax(toNullable(skew_ms), abs(skew_ms)) / 1000 AS ahead_seconds
        FROM gateway_skew FINAL
        WHERE at > fromUnixTimestamp64Milli(({now:Int64} - 7 * 86400) * 1000)
        GROUP BY source
    )
SELECT
    if(heard.source = '', letters.source, heard.source) AS source,
    if(heard.last_ms = 0, NULL, heard.last_ms) AS last_event_at,
    if(heard.last_ms = 0, NULL, greatest(0, {now:Int64} - intDiv(heard.last_ms, 1000)))
        AS silent_seconds,
    if(heard.last_ms = 0, NULL, greatest(0, heard.last_ms - heard.occurred_ms) / 1000)
        AS delay_seconds,
    clocks.ahead_seconds AS clock_ahead_seconds,
    letters.rejected AS rejected,
    letters.open_letters AS open_letters
FROM heard
FULL OUTER JOIN letters ON letters.source = heard.source
LEFT JOIN clocks ON clocks.source = if(heard.source = '', letters.source, heard.source)
ORDER BY last_event_at DESC NULLS LAST, source
LIMIT 100
