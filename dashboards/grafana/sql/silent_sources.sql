-- Working hours since each source's newest event.
SELECT
    source,
    sum(greatest(0, least(hours.end_at, {now:Int64}) - greatest(hours.start_at, heard.last_at)))
        / 3600 AS value
FROM
(
    SELECT toString(source) AS source, toUnixTimestamp(max(last_log_at)) AS last_at
    FROM sources
    GROUP BY source
) AS heard
CROSS JOIN
(
    SELECT start_at, end_at
    FROM working_intervals FINAL
    WHERE calendar_version = (SELECT max(calendar_version) FROM working_intervals)
        AND start_at < {now:Int64}
        AND end_at > {now:Int64} - 60 * 86400
) AS hours
GROUP BY source
ORDER BY source
