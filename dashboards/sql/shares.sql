-- The same period under each named rule, never blended. The days say what was resolved and
-- fell due, and the national rule compares with the earlier of today and the period's last day.
WITH
    least({today:Date}, {to_day:Date}) AS until,
    days AS
    (
        SELECT
            sum(early + on_time) AS met,
            sum(early + on_time + late) AS resolved,
            sumIf(due_met, day <= until) AS due_kept,
            sumIf(due, day <= until) AS due_all
        FROM province_days FINAL
        WHERE day BETWEEN {from_day:Date} AND {to_day:Date}
    ),
    national AS
    (
        SELECT sumIf(n, late_from > until) AS in_time, sum(n) AS all
        FROM national_unit_days FINAL
        WHERE received_day BETWEEN {from_day:Date} AND {to_day:Date}
    )
SELECT
    tupleElement(line, 1) AS rule,
    tupleElement(line, 2) AS in_time,
    tupleElement(line, 3) AS decided,
    if(decided = 0, NULL, in_time / decided) AS share,
    if(rule = 'national', 20 * share, NULL) AS score
FROM
(
    SELECT arrayJoin([
        ('desk', toUInt64(met), toUInt64(resolved)),
        ('due', toUInt64(due_kept), toUInt64(due_all)),
        ('national', toUInt64(in_time), toUInt64(all))
    ]) AS line
    FROM days CROSS JOIN national
    WHERE resolved + due_all + all > 0
)
ORDER BY indexOf(['desk', 'due', 'national'], rule)
