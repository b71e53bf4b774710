-- Units that have dossiers in process, at their coordinates. Those whose place nobody knows are left
-- out. Departments share the province's place and would hide each other there, so units of the
-- province's level stand apart: in columns of 24 west of all others, the largest first.
WITH
    cells AS
    (
        SELECT
            authority,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sum(n) AS open
        FROM open_cells
        WHERE phase != 'awaiting'
        GROUP BY authority
        HAVING open > 0
    ),
    placed AS
    (
        SELECT
            cells.authority AS unit,
            known.name AS name,
            known.level IN ('province', 'department') AS apart,
            known.latitude AS own_latitude,
            known.longitude AS own_longitude,
            cells.open AS n,
            cells.overdue AS overdue,
            row_number() OVER (PARTITION BY apart ORDER BY n DESC, unit) - 1 AS position,
            count() OVER (PARTITION BY apart) AS beside,
            max(if(apart, own_latitude + 0.3, own_latitude)) OVER () AS north,
            min(if(apart, own_latitude - 0.3, own_latitude)) OVER () AS south,
            min(own_longitude) OVER () AS west
        FROM cells
        INNER JOIN
        (
            SELECT code, name, level, latitude, longitude
            FROM units FINAL
            WHERE isFinite(latitude) AND isFinite(longitude)
        ) AS known ON known.code = cells.authority
    )
SELECT
    unit,
    name,
    if(apart, north - (position % 24 + 0.5) * (north - south) / least(beside, 24), own_latitude)
        AS latitude,
    if(apart, west - (north - south) * (0.3 + 0.7 * intDiv(position, 24)), own_longitude)
        AS longitude,
    n,
    overdue,
    overdue / n AS share,
    apart AS stands_apart
FROM placed
ORDER BY n DESC, unit
