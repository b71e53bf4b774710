-- Authorities with the lowest share of dossiers resolved in time. Small ones are left out, and the
-- order is that of the upper end of Wilson's 95 % interval: a few late dossiers put nobody first.
WITH
    shares AS
    (
        SELECT
            days.unit AS unit,
            sum(days.early + days.on_time) AS in_time,
            sum(days.early + days.on_time + days.late) AS decided,
            in_time / decided AS share,
            1.96 AS z,
            (share + z * z / (2 * decided)) / (1 + z * z / decided) AS middle,
            z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided))
                / (1 + z * z / decided) AS half
        FROM field_days AS days FINAL
        WHERE days.field = '*' AND days.channel = 0
            AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
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
    shares.share AS share,
    greatest(0, middle - half) AS low,
    least(1, middle + half) AS high
FROM shares
LEFT JOIN known AS mine ON mine.code = shares.unit
LEFT JOIN known AS above ON above.code = mine.parent
ORDER BY high, decided DESC, unit
LIMIT {rows:UInt16}
