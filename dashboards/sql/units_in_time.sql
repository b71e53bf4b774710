-- Authorities whose share of dossiers resolved in time lies below that of the whole province. Small
-- ones are left out, and the upper end of Wilson's 95 % interval decides and orders: a few late
-- dossiers put nobody here, let alone first.
WITH
    code -> arrayLast((each, day) -> day <= {units_on:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of,
shares AS
(
    SELECT
        heir_of(each.code) AS code,
        sum(each.in_time) AS in_time,
        sum(each.decided) AS decided,
        in_time / decided AS share,
        1.96 AS z,
        (share + z * z / (2 * decided)) / (1 + z * z / decided) AS middle,
        z * sqrt(share * (1 - share) / decided + z * z / (4 * decided * decided))
            / (1 + z * z / decided) AS half,
        sum(in_time) OVER () / sum(decided) OVER () AS province
    FROM
    (
        SELECT
            toString(unit) AS code,
            sum(early + on_time) AS in_time,
            sum(early + on_time + late) AS decided
        FROM field_days FINAL
        PREWHERE field = '*' AND channel = 0 AND day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY code
    ) AS each
    GROUP BY code
    HAVING decided > 0
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
WHERE decided >= {minimum:UInt32} AND high < province
ORDER BY high, decided DESC, unit
LIMIT {rows:UInt16}
