-- Fields with the most delay: overdue now, and resolved late in the period.
WITH
    done AS
    (
        SELECT
            toString(days.field) AS field,
            sum(days.late) AS late,
            sum(days.early + days.on_time + days.late) AS decided
        FROM province_field_days AS days FINAL
        WHERE days.field != '*' AND days.channel = 0
            AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY field
    ),
    now_open AS
    (
        SELECT
            toString(field) AS field,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sum(n) AS open
        FROM open_cells
        WHERE phase != 'awaiting'
        GROUP BY field
    ),
    known AS (SELECT field, name_vi FROM fields FINAL)
SELECT
    each.field AS field,
    if(known.name_vi = '', each.field, known.name_vi) AS name,
    sum(each.overdue) AS overdue,
    sum(each.open) AS open,
    sum(each.late) AS late,
    sum(each.decided) AS decided,
    if(decided = 0, NULL, late / decided) AS share
FROM
(
    SELECT field, 0 AS overdue, 0 AS open, late, decided FROM done
    UNION ALL
    SELECT field, overdue, open, 0, 0 FROM now_open
) AS each
LEFT JOIN known ON known.field = each.field
GROUP BY field, name
HAVING overdue + late > 0
ORDER BY overdue DESC, late DESC, field
LIMIT 2 * {rows:UInt16}
