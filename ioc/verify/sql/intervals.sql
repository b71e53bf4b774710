-- Working intervals of the newest calendar, each with the working seconds before it.
-- W(t), the working seconds up to t, is `before + least(t, end_at) - start_at` of the last interval
-- that starts at or before t (0 if there is none).
-- `every` is the equality that an ASOF join asks for.
CREATE TABLE {scratch:Identifier}.intervals ENGINE = Memory AS
SELECT
    toUInt8(1) AS every,
    start_at,
    end_at,
    sum(end_at - start_at) OVER (ORDER BY start_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
        - (end_at - start_at) AS before
FROM
(
    SELECT DISTINCT start_at, end_at
    FROM {database:Identifier}.working_intervals
    WHERE calendar_version = (SELECT max(calendar_version) FROM {database:Identifier}.working_intervals)
)
ORDER BY start_at
