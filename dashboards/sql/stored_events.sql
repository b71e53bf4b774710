-- Events stored in each minute of the last two hours, and how long they took.
SELECT
    toInt64(toUnixTimestamp(minute)) * 1000 AS at,
    sum(events) / 60 AS events_per_second,
    quantilesTDigestMerge(0.5, 0.99)(seconds)[1] AS p50_seconds,
    quantilesTDigestMerge(0.5, 0.99)(seconds)[2] AS p99_seconds
FROM stored_minutes
WHERE minute > fromUnixTimestamp({now:Int64}) - 7200 AND minute <= fromUnixTimestamp({now:Int64})
GROUP BY minute
ORDER BY at
