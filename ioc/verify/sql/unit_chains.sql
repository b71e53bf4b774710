-- For each unit the line of its successors: codes[1] is the unit itself; until[i] is the first day
-- on which codes[i] is no longer valid. On a day D the unit is the first of the line with
-- until > D, or the last one. 32 steps bound a circle, which reference data must not contain.
CREATE TABLE {scratch:Identifier}.unit_chains ENGINE = Memory AS
WITH RECURSIVE
    known AS
    (
        SELECT code, toInt32(valid_to) AS valid_to_day, successor
        FROM {database:Identifier}.units FINAL
    ),
    line AS
    (
        SELECT code AS first_code, [code] AS codes, [valid_to_day] AS until, successor AS next_code
        FROM known
        UNION ALL
        SELECT
            line.first_code,
            arrayPushBack(line.codes, line.next_code),
            -- A successor that is not listed itself ends the line.
            arrayPushBack(line.until, if(known.code = '', 2147483647, known.valid_to_day)),
            known.successor
        FROM line
        LEFT JOIN known ON known.code = line.next_code
        WHERE line.next_code != '' AND length(line.codes) < 32
    )
SELECT
    line.first_code AS code,
    argMax(line.codes, length(line.codes)) AS codes,
    argMax(line.until, length(line.codes)) AS until
FROM line
GROUP BY code
