-- The same period under each named rule, never blended. The days say what was resolved and
-- fell due, and the national rule compares with the earlier of today and the period's last day.
WITH
    least({today:Date}, {to_day:Date}) AS until,
    (
        SELECT [sumIf(n, late_from > until), sum(n)]
        FROM national_unit_days FINAL
        PREWHERE received_day BETWEEN {from_day:Date} AND {to_day:Date}
    ) AS national,
    sums AS
    (
        SELECT
            ['desk', 'due', 'national'] AS rules,
            [sum(early + on_time), sumIf(due_met, day <= until), national[1]] AS kept,
            [sum(early + on_time + late), sumIf(due, day <= until), national[2]] AS judged
        FROM province_days FINAL
        WHERE day BETWEEN {from_day:Date} AND {to_day:Date}
        HAVING arraySum(judged) > 0
    )
SELECT
    rule,
    in_time,
    decided,
    in_time / nullIf(decided, 0) AS share,
    if(rule = 'national', 20 * share, NULL) AS score
FROM sums
ARRAY JOIN rules AS rule, kept AS in_time, judged AS decided
