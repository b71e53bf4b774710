-- The units below the chosen one (of all provinces of the period, when none is chosen), each with
-- everything below it, by the hierarchy that was valid in the period. The chosen unit's own
-- dossiers, and those of codes that are not valid in the period, stand in rows of their own.
WITH
    figures AS
    (
        SELECT toString(unit) AS code, received, early + on_time AS in_time,
            early + on_time + late AS decided, 0 AS open, 0 AS overdue, 0 AS overdue_new
        FROM field_days FINAL
        WHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day BETWEEN {from_day:Date} AND {to_day:Date}
        UNION ALL
        SELECT toString(authority), 0, 0, 0, n,
            if(alarm_minute BETWEEN 1 AND {now:Int64}, n, 0),
            if(alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64}, n, 0)
        FROM open_dossiers FINAL
        ARRAY JOIN field, channel, phase, alarm_minute, n
        WHERE phase != 'awaiting' AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
    ),
    -- A line leads upwards, from the unit itself to its province. Place is that of the chosen unit.
    placed AS
    (
        SELECT
            figures.*,
            if({unit:String} = '', length(mine.line), indexOf(mine.line, {unit:String})) AS place,
            if(place = 0, code, mine.line[greatest(place - 1, 1)]) AS child
        FROM figures
        LEFT JOIN
        (
            SELECT code, line
            FROM unit_labels
            WHERE valid_from <= {to_day:Date} AND valid_to > {from_day:Date}
        ) AS mine ON mine.code = figures.code
        WHERE place > 0 OR {unit:String} = ''
    )
SELECT
    child AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    if(max(place) = 0, '', joinGet('unit_labels', 'level', unit)) AS level,
    sum(placed.received) AS received,
    sum(placed.in_time) AS in_time,
    sum(placed.decided) AS decided,
    in_time / nullIf(decided, 0) AS share,
    if(decided = 0, NULL, greatest(0, (share + 1.9208 / decided
        - (1.96 * sqrt(share * (1 - share) / decided + 0.9604 / (decided * decided)) AS half))
        / (1 + 3.8416 / decided))) AS low,
    if(decided = 0, NULL, least(1, (share + 1.9208 / decided + half) / (1 + 3.8416 / decided)))
        AS high,
    sum(placed.open) AS open,
    sum(placed.overdue) AS overdue,
    sum(placed.overdue_new) AS overdue_new
FROM placed
GROUP BY unit
HAVING received + decided + open > 0 AND ({level:String} = '' OR level = {level:String})
ORDER BY decided < {minimum:UInt32}, high, overdue DESC, name, unit
LIMIT 200
