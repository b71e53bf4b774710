-- Desks by how long they have been silent against their habit, in working time. The habit is the
-- mean gap between their events in the 28 days before, and silent is who has sent nothing for eight
-- such gaps, one working hour at least and two working days at most. Desks with fewer than ten
-- events have no habit yet.
WITH
    intervals AS
    (
        SELECT start_at, end_at
        FROM working_intervals FINAL
        WHERE calendar_version = (SELECT max(calendar_version) FROM working_intervals)
            AND end_at > {now:Int64} - 60 * 86400 AND start_at < {now:Int64}
    ),
    habits AS
    (
        SELECT
            toString(unit) AS unit,
            sum(toUInt64(registered) + received + refused + withdrawn + stopped + early + on_time
                + late + no_due + returned) AS events
        FROM unit_days FINAL
        WHERE role = 'receiver' AND day >= {today:Date} - 28 AND day < {today:Date}
        GROUP BY unit
        HAVING events >= 10
    ),
    (
        SELECT toFloat64(sum(least(end_at, {now:Int64}) - start_at)) FROM intervals
        WHERE start_at >= {now:Int64} - 28 * 86400
    ) AS work_seconds,
    (
        SELECT toFloat64(sum(least(end_at, {now:Int64}) - greatest(start_at, {shift_at:Int64})))
        FROM intervals WHERE end_at > {shift_at:Int64}
    ) AS shift_seconds,
    signs AS
    (
        SELECT toString(unit) AS unit, toInt64(max(last_event_at)) AS last_at,
            argMax(source, last_event_at) AS source
        FROM unit_signs FINAL
        GROUP BY unit
    ),
    gaps AS
    (
        SELECT signs.unit AS unit, any(signs.last_at) AS last_at,
            sum(greatest(0, least(intervals.end_at, {now:Int64})
                - greatest(intervals.start_at, signs.last_at))) AS silence
        FROM signs CROSS JOIN intervals
        GROUP BY unit
    ),
    judged AS
    (
        SELECT
            habits.unit AS unit,
            gaps.last_at AS last_at,
            toFloat64(gaps.silence) AS silence,
            work_seconds / habits.events AS usual,
            least(57600, greatest(3600, 8 * usual)) AS patience,
            silence > patience AS is_silent
        FROM habits
        INNER JOIN gaps ON gaps.unit = habits.unit
    ),
    known AS (SELECT code, name, level, parent FROM units FINAL)
SELECT
    judged.unit AS unit,
    if(mine.name = '', judged.unit, mine.name) AS name,
    if(above.level = 'district', above.name, '') AS parent,
    judged.last_at * 1000 AS last_event_at,
    judged.silence / 3600 AS silent_hours,
    judged.patience / 3600 AS patience_hours,
    judged.is_silent AS is_silent,
    countIf(judged.is_silent) OVER () AS silent_units,
    countIf(judged.is_silent AND judged.silence - judged.patience < shift_seconds
            AND {working_now:UInt8} = 1) OVER () AS silent_new,
    count() OVER () AS judged_units
FROM judged
LEFT JOIN known AS mine ON mine.code = judged.unit
LEFT JOIN known AS above ON above.code = mine.parent
ORDER BY judged.silence / judged.patience DESC, unit
LIMIT 2 * {rows:UInt16}
