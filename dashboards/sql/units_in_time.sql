-- Authorities with the lowest share of dossiers resolved in time. Small ones are left out, and the
-- order is that of the upper end of Wilson's 95 % interval: a few late dossiers put nobody first.
WITH shares AS
(
    SELECT
        toString(unit) AS code,
        sum(early + on_time) AS in_time,
        sum(early + on_time + late) AS decided,
        in_time / decided AS share,
        1.96 AS z,
        (share + z * z / (2 * decided)) / (1 + z * z / decided) AS middle,
        z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided))
            / (1 + z * z / decided) AS half
    FROM field_days FINAL
    WHERE field = '*' AND channel = 0 AND day BETWEEN {from_day:Date} AND {to_day:Date}
    GROUP BY code
    HAVING decided >= {minimum:UInt32}
)
SELECT
    code AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    in_time,
    decided,
    share,
    greatest(0, middle - half) AS low,
    least(1, middle + half) AS high
FROM shares
ORDER BY high, decided DESC, unit
LIMIT {rows:UInt16}
