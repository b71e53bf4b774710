-- Authorities with the lowest share of dossiers resolved in time, small ones are left out: one
-- late dossier of three says little.
WITH
    shares AS
    (
        SELECT
            days.unit AS unit,
            sum(days.early + days.on_time) AS in_time,
            sum(days.early + days.on_time + days.late) AS decided
        FROM unit_days AS days FINAL
        WHERE days.role = 'authority' AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY unit
        HAVING decided >= {minimum:UInt32}
    ),
    known AS (SELECT code, name, level, parent FROM units FINAL)
SELECT
    shares.unit AS unit,
    if(mine.name = '', shares.unit, mine.name) AS name,
    if(above.level = 'district', above.name, '') AS parent,
    shares.in_time AS in_time,
    shares.decided AS decided,
    shares.in_time / shares.decided AS share
FROM shares
LEFT JOIN known AS mine ON mine.code = shares.unit
LEFT JOIN known AS above ON above.code = mine.parent
ORDER BY share, decided DESC, unit
LIMIT {rows:UInt16}
