-- Departments, districts and communes side by side, by the authority of each dossier.
WITH
    shares AS
    (
        SELECT
            days.unit AS unit,
            sum(days.received) AS received,
            sum(days.early + days.on_time) AS in_time,
            sum(days.early + days.on_time + days.late) AS decided
        FROM field_days AS days FINAL
        WHERE days.field = '*' AND days.channel = 0
            AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY unit
    ),
    known AS (SELECT code, level FROM units FINAL)
SELECT
    if(known.level = '', 'unknown', known.level) AS level,
    sum(shares.received) AS received,
    sum(shares.in_time) AS in_time,
    sum(shares.decided) AS decided,
    if(decided = 0, NULL, in_time / decided) AS share
FROM shares
LEFT JOIN known ON known.code = shares.unit
GROUP BY level
HAVING received + decided > 0
ORDER BY indexOf(['province', 'department', 'district', 'commune', 'unknown'], level)
