-- Departments, districts and communes side by side, by the authority of each dossier.
WITH
    code -> arrayLast((each, day) -> day <= {units_on:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of
SELECT
    ifNull(joinGetOrNull('unit_labels', 'level', heir_of(each.code)), 'unknown') AS level,
    sum(each.received) AS received,
    sum(each.in_time) AS in_time,
    sum(each.decided) AS decided,
    in_time / nullIf(decided, 0) AS share
FROM
(
    SELECT
        toString(unit) AS code,
        sum(days.received) AS received,
        sum(early + on_time) AS in_time,
        sum(early + on_time + late) AS decided
    FROM field_days AS days FINAL
    PREWHERE field = '*' AND channel = 0 AND day BETWEEN {from_day:Date} AND {to_day:Date}
    GROUP BY code
) AS each
GROUP BY level
HAVING received + decided > 0
ORDER BY indexOf(['province', 'department', 'district', 'commune', 'unknown'], level)
