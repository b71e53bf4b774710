-- When each source was heard last, and how old its newest event was then.
SELECT
    toString(source) AS source,
    toUnixTimestamp64Milli(max(last_log_at)) AS log_ms,
    toUnixTimestamp64Milli(max(last_occurred_at)) AS occurred_ms
FROM sources FINAL
GROUP BY source
