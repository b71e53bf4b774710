-- Departments, districts and communes side by side, by the authority of each dossier.
SELECT
    ifNull(joinGetOrNull('unit_labels', 'level', toString(unit)), 'unknown') AS level,
    sum(days.received) AS received,
    sum(early + on_time) AS in_time,
    sum(early + on_time + late) AS decided,
    in_time / nullIf(decided, 0) AS share
FROM field_days AS days FINAL
WHERE field = '*' AND channel = 0 AND day BETWEEN {from_day:Date} AND {to_day:Date}
GROUP BY level
HAVING received + decided > 0
ORDER BY indexOf(['province', 'department', 'district', 'commune', 'unknown'], level)
