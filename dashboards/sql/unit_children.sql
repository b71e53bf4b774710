-- The units below the chosen one (the provinces, when none is chosen), each with everything below
-- it: what happened by the hierarchy of the period's last day, what is open by that of the moment
-- of looking. The chosen unit's own dossiers, and those of codes that nobody knows, stand in rows
-- of their own.
WITH
    -- A unit that began after the period is looked at as of its first day.
    least({today:Date}, greatest({units_on:Date},
        joinGet('unit_labels', 'valid_from', {unit:String}))) AS units_day,
    figures AS
    (
        SELECT toString(unit) AS code, 0 AS is_open, sum(days.received) AS received,
            sum(days.early + days.on_time) AS in_time,
            sum(days.early + days.on_time + days.late) AS decided,
            toUInt64(0) AS open, toUInt64(0) AS overdue, toUInt64(0) AS overdue_new
        FROM field_days AS days FINAL
        PREWHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day BETWEEN {from_day:Date} AND {to_day:Date}
        GROUP BY code
        UNION ALL
        SELECT toString(authority) AS code, 1, 0, 0, 0, sum(n),
            sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}),
            sumIf(n, alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64})
        FROM open_dossiers FINAL
        ARRAY JOIN field, channel, phase, alarm_minute, n
        WHERE phase != 'awaiting' AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        GROUP BY code
    ),
    -- A line leads upwards, from the unit itself to its province. Place is that of the chosen unit.
    placed AS
    (
        SELECT
            figures.*,
            if(is_open = 1, mine.line_now, mine.line_then) AS line,
            if({unit:String} = '', length(line), indexOf(line, {unit:String})) AS place,
            if(place = 0, code, line[greatest(place - 1, 1)]) AS child
        FROM figures
        LEFT JOIN
        (
            SELECT
                code,
                joinGet('unit_labels', 'line',
                    arrayLast((each, day) -> day <= units_day, units, since)) AS line_then,
                joinGet('unit_labels', 'line',
                    arrayLast((each, day) -> day <= {today:Date}, units, since)) AS line_now
            FROM unit_heirs
        ) AS mine ON mine.code = figures.code
        WHERE place > 0 OR {unit:String} = ''
    )
SELECT
    child AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'level', unit) AS level,
    sum(placed.received) AS received,
    sum(placed.in_time) AS in_time,
    sum(placed.decided) AS decided,
    in_time / nullIf(decided, 0) AS share,
    -- Both sides of Wilson's fraction times `decided`.
    (in_time + 1.9208 - (sqrt(3.8416 * in_time * (1 - share) + 3.68947264) AS half))
        / (decided + 3.8416) AS low,
    (in_time + 1.9208 + half) / (decided + 3.8416) AS high,
    sum(placed.open) AS open,
    sum(placed.overdue) AS overdue,
    sum(placed.overdue_new) AS overdue_new
FROM placed
GROUP BY unit
HAVING received + decided + open > 0 AND ({level:String} = '' OR level = {level:String})
ORDER BY decided < {minimum:UInt32}, high, overdue DESC, unit
LIMIT 200
