-- Fields with the most delay: overdue now, and resolved late in the period.
SELECT
    each.field AS field,
    ifNull(joinGetOrNull('field_labels', 'name_vi', field), field) AS name,
    sum(each.overdue) AS overdue,
    sum(each.open) AS open,
    sum(each.late) AS late,
    sum(each.decided) AS decided,
    late / nullIf(decided, 0) AS share
FROM
(
    SELECT toString(field) AS field, 0 AS overdue, 0 AS open, late,
        early + on_time + late AS decided
    FROM province_field_days FINAL
    PREWHERE field != '*' AND channel = 0 AND day BETWEEN {from_day:Date} AND {to_day:Date}
    UNION ALL
    SELECT toString(field), if(alarm_minute BETWEEN 1 AND {now:Int64}, n, 0), n, 0, 0
    FROM open_dossiers FINAL
    ARRAY JOIN field, phase, alarm_minute, n
    WHERE phase != 'awaiting'
) AS each
GROUP BY field
HAVING overdue + late > 0
ORDER BY overdue DESC, late DESC, field
LIMIT 2 * {rows:UInt16}
