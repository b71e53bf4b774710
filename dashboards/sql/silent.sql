-- Desks by how long they have been silent against their habit, in working time. The habit is the
-- mean gap between their events in the 28 days before, and silent is who has sent nothing for eight
-- such gaps, one working hour at least and two working days at most. Desks with fewer than ten
-- events have no habit yet.
WITH
    (
        SELECT groupArray((start_at, least(end_at, {now:Int64})))
        FROM working_intervals FINAL
        WHERE calendar_version = (SELECT max(calendar_version) FROM working_intervals)
            AND end_at > {now:Int64} - 60 * 86400 AND start_at < {now:Int64}
    ) AS worked,
    arraySum(each -> if(each.1 >= {now:Int64} - 28 * 86400, each.2 - each.1, 0), worked)
        AS work_seconds,
    arraySum(each -> greatest(0, each.2 - greatest(each.1, {shift_at:Int64})), worked)
        AS shift_seconds
SELECT
    habits.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    signs.last_at * 1000 AS last_event_at,
    arraySum(each -> greatest(0, each.2 - greatest(each.1, signs.last_at)), worked) / 3600
        AS silent_hours,
    least(16, greatest(1, 8 * work_seconds / habits.events / 3600)) AS patience_hours,
    silent_hours > patience_hours AS is_silent,
    countIf(is_silent) OVER () AS silent_units,
    countIf(is_silent AND (silent_hours - patience_hours) * 3600 < shift_seconds
            AND {working_now:UInt8} = 1) OVER () AS silent_new,
    count() OVER () AS judged_units
FROM
(
    SELECT
        toString(days.unit) AS unit,
        sum(toUInt64(registered) + received + refused + withdrawn + stopped + early + on_time
            + late + no_due + returned) AS events
    FROM unit_days AS days FINAL
    WHERE role = 'receiver' AND day >= {today:Date} - 28 AND day < {today:Date}
    GROUP BY unit
    HAVING events >= 10
) AS habits
INNER JOIN
(
    SELECT toString(unit) AS code, toInt64(max(last_event_at)) AS last_at
    FROM unit_signs
    GROUP BY code
) AS signs ON signs.code = habits.unit
ORDER BY silent_hours / patience_hours DESC, unit
LIMIT 2 * {rows:UInt16}
