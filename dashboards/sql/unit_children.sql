-- The units below the chosen one (of all provinces of the period, when none is chosen), each with
-- everything below it, by the hierarchy that was valid in the period. The chosen unit's own
-- dossiers, and those of codes that nobody knows, stand in rows of their own.
WITH
    known AS
    (
        SELECT code, name, level, parent
        FROM units FINAL
        WHERE valid_from <= {to_day:Date} AND valid_to > {from_day:Date}
    ),
    heads AS
    (
        SELECT code FROM known
        WHERE if({unit:String} = '', level = 'province', code = {unit:String})
    ),
    belongs AS
    (
        SELECT
            mine.code AS unit,
            multiIf(mine.code IN heads OR mine.parent IN heads, mine.code,
                    above.parent IN heads, mine.parent, '') AS child
        FROM known AS mine
        LEFT JOIN known AS above ON above.code = mine.parent
    ),
    done AS
    (
        SELECT
            toString(unit) AS unit,
            sum(received) AS received,
            sum(early + on_time) AS in_time,
            sum(early + on_time + late) AS decided,
            0 AS open,
            0 AS overdue,
            0 AS overdue_new
        FROM field_days FINAL
        WHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY unit
    ),
    waiting AS
    (
        SELECT
            toString(authority) AS unit,
            0 AS received,
            0 AS in_time,
            0 AS decided,
            sum(n) AS open,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sumIf(n, alarm_minute > {shift_at:Int64} AND alarm_minute <= {now:Int64})
                AS overdue_new
        FROM open_cells
        WHERE phase != 'awaiting'
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        GROUP BY unit
    ),
    each AS
    (
        SELECT if(belongs.unit = '' AND {unit:String} = '', figures.unit, belongs.child) AS unit,
            figures.* EXCEPT unit
        FROM (SELECT * FROM done UNION ALL SELECT * FROM waiting) AS figures
        LEFT JOIN belongs ON belongs.unit = figures.unit
    )
SELECT
    each.unit AS unit,
    if(known.name = '', each.unit, known.name) AS name,
    known.level AS level,
    sum(each.received) AS received,
    sum(each.in_time) AS in_time,
    sum(each.decided) AS decided,
    if(decided = 0, NULL, in_time / decided) AS share,
    if(decided = 0, NULL, greatest(0, (share + 1.9208 / decided
        - 1.96 * sqrt(share * (1 - share) / decided + 0.9604 / (decided * decided)))
        / (1 + 3.8416 / decided))) AS low,
    if(decided = 0, NULL, least(1, (share + 1.9208 / decided
        + 1.96 * sqrt(share * (1 - share) / decided + 0.9604 / (decided * decided)))
        / (1 + 3.8416 / decided))) AS high,
    sum(each.open) AS open,
    sum(each.overdue) AS overdue,
    sum(each.overdue_new) AS overdue_new
FROM each
LEFT JOIN known ON known.code = each.unit
WHERE each.unit != '' AND ({level:String} = '' OR known.level = {level:String})
GROUP BY unit, name, level
HAVING received + decided + open > 0
ORDER BY decided < {minimum:UInt32}, high, overdue DESC, name, unit
LIMIT 200
