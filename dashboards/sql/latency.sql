-- How long events took from Kafka into the audit log, the last five minutes in which any came.
SELECT
    sum(events) AS events,
    if(events = 0, NULL, quantilesTDigestMerge(0.5, 0.99)(seconds)[1]) AS p50_seconds,
    if(events = 0, NULL, quantilesTDigestMerge(0.5, 0.99)(seconds)[2]) AS p99_seconds,
    if(events = 0, NULL, toInt64(toUnixTimestamp(max(minute))) * 1000) AS newest_minute
FROM stored_minutes
WHERE minute > (SELECT max(minute) FROM stored_minutes) - 300
