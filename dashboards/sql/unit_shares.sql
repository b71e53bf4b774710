-- One unit's period under each named rule. The national rule is counted by unit only: while a field
-- or a channel is chosen its line says so and has no figures.
WITH
    -- A unit that began after the period is looked at as of its first day.
    least({today:Date}, greatest({units_on:Date},
        joinGet('unit_labels', 'valid_from', {unit:String}))) AS units_day,
    chosen AS
    (
        WITH arrayLast((each, day) -> day <= units_day, units, since) AS heir
        SELECT code
        FROM unit_heirs
        WHERE ({unit:String} = '' OR has(joinGet('unit_labels', 'line', heir), {unit:String}))
            AND ({level:String} = '' OR joinGet('unit_labels', 'level', heir) = {level:String})
    ),
    least({today:Date}, {to_day:Date}) AS until,
    days AS
    (
        SELECT
            sum(early + on_time) AS met,
            sum(early + on_time + late) AS resolved,
            sumIf(due_met, day <= until) AS due_kept,
            sumIf(due, day <= until) AS due_all
        FROM field_days FINAL
        PREWHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day BETWEEN {from_day:Date} AND {to_day:Date}
            AND (({unit:String} = '' AND {level:String} = '') OR unit IN chosen)
    ),
    national AS
    (
        SELECT sumIf(n, late_from > until) AS in_time, sum(n) AS all
        FROM national_unit_days FINAL
        PREWHERE received_day BETWEEN {from_day:Date} AND {to_day:Date}
            AND (({unit:String} = '' AND {level:String} = '') OR unit IN chosen)
    )
SELECT
    if(tupleElement(line, 1) = 'national' AND ({field:String} != '' OR {channel:UInt8} != 0),
       'national_by_unit', tupleElement(line, 1)) AS rule,
    if(rule = 'national_by_unit', NULL, tupleElement(line, 2)) AS in_time,
    if(rule = 'national_by_unit', NULL, tupleElement(line, 3)) AS decided,
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
ORDER BY indexOf(['desk', 'due', 'national', 'national_by_unit'], rule)
