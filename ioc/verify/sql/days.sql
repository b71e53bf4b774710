-- Every local day (UTC+7, number since 1970-01-01) of the calendar: does anybody work, when does
-- work end (at the following midnight where nobody works), how many working days are there up to
-- and including it.
CREATE TABLE {scratch:Identifier}.days ENGINE = Memory AS
WITH
    workdays AS
    (
        SELECT toInt32(intDiv(start_at + 25200, 86400)) AS day, max(end_at) AS work_ends_at
        FROM {scratch:Identifier}.intervals
        GROUP BY day
    ),
    -- A margin of quiet days, for due days just outside the calendar.
    span AS (SELECT min(day) - 400 AS first, max(day) + 400 AS last FROM workdays)
SELECT
    every_day.day AS day,
    workdays.work_ends_at > 0 AS is_working,
    if(is_working, workdays.work_ends_at, (toInt64(every_day.day) + 1) * 86400 - 25200) AS ends_at,
    toInt64(sum(is_working) OVER (ORDER BY every_day.day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
        AS workdays_up_to
FROM (SELECT toInt32(arrayJoin(range(first, last + 1))) AS day FROM span) AS every_day
LEFT JOIN workdays ON workdays.day = every_day.day
