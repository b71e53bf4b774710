-- Units that have dossiers in process, at their coordinates. Those whose place nobody knows are
-- left out. Departments share the province's place and would hide each other there, so units of the
-- province's level stand apart: in columns of 24 west of all others, the largest first.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of,
    cells AS
    (
        SELECT
            heir_of(each.code) AS unit,
            sum(each.overdue) AS overdue,
            sum(each.open) AS open,
            joinGet('unit_labels', 'level', unit) IN ('province', 'department') AS apart,
            ifNull(joinGetOrNull('unit_labels', 'latitude', unit), nan) AS own_latitude,
            ifNull(joinGetOrNull('unit_labels', 'longitude', unit), nan) AS own_longitude
        FROM
        (
            SELECT
                toString(authority) AS code,
                sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}) AS overdue,
                sum(n) AS open
            FROM open_dossiers FINAL
            ARRAY JOIN phase, alarm_minute, n
            WHERE phase != 'awaiting'
            GROUP BY code
        ) AS each
        GROUP BY unit
        HAVING open > 0 AND isFinite(own_latitude) AND isFinite(own_longitude)
    ),
    placed AS
    (
        SELECT
            *,
            row_number() OVER (PARTITION BY apart ORDER BY open DESC, unit) - 1 AS position,
            count() OVER (PARTITION BY apart) AS beside,
            max(own_latitude + 0.3 * apart) OVER () AS north,
            north - min(own_latitude - 0.3 * apart) OVER () AS height,
            min(own_longitude) OVER () AS west
        FROM cells
    )
SELECT
    unit,
    joinGet('unit_labels', 'name', unit) AS name,
    if(apart, north - (position % 24 + 0.5) * height / least(beside, 24), own_latitude)
        AS latitude,
    if(apart, west - height * (0.3 + 0.7 * intDiv(position, 24)), own_longitude)
        AS longitude,
    open AS n,
    overdue,
    overdue / n AS share,
    apart AS stands_apart
FROM placed
ORDER BY n DESC, unit
