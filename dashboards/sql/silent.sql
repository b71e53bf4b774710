-- Desks by how long they have been silent against their habit, in working time. The habit is the
-- mean gap between their events in the 28 days before, and silent is who has sent nothing for eight
-- such gaps, one working hour at least and two working days at most. Desks with fewer than ten
-- events have no habit yet.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of,
    at -> joinGet('working_days', 'worked', toDate(toUInt16(intDiv(at + 25200, 86400)))) + arraySum(
        (start, end) -> least(greatest(at - start, 0), end - start),
        joinGet('working_days', 'starts', toDate(toUInt16(intDiv(at + 25200, 86400)))),
        joinGet('working_days', 'ends', toDate(toUInt16(intDiv(at + 25200, 86400))))) AS worked
SELECT
    habits.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    signs.last_at * 1000 AS last_event_at,
    greatest(0, signs.silent_seconds) / 3600 AS silent_hours,
    least(16, greatest(1, 8 * signs.habit_seconds / habits.events / 3600)) AS patience_hours,
    silent_hours > patience_hours AS is_silent,
    countIf(is_silent) OVER () AS silent_units,
    countIf(is_silent AND (silent_hours - patience_hours) * 3600 < signs.shift_seconds
            AND {working_now:UInt8} = 1) OVER () AS silent_new,
    count() OVER () AS judged_units
FROM
(
    SELECT
        heir_of(by_code.code) AS unit,
        sum(by_code.n) AS events
    FROM
    (
        SELECT
            toString(days.unit) AS code,
            sum(toUInt64(registered) + received + refused + withdrawn + stopped + early + on_time
                + late + no_due + returned) AS n
        FROM unit_days AS days FINAL
        PREWHERE role = 'receiver' AND day >= {today:Date} - 28 AND day < {today:Date}
        GROUP BY code
    ) AS by_code
    GROUP BY unit
    HAVING events >= 10
) AS habits
INNER JOIN
(
    -- One expression for all moments: each that stands in the text is analysed by itself.
    SELECT
        code,
        last_at,
        arrayMap(at -> worked(at),
            [{now:Int64}, last_at, {shift_at:Int64}, {now:Int64} - 28 * 86400]) AS moments,
        moments[1] - moments[2] AS silent_seconds,
        moments[1] - moments[3] AS shift_seconds,
        moments[1] - moments[4] AS habit_seconds
    FROM
    (
        SELECT heir_of(toString(unit)) AS code, toInt64(max(last_event_at)) AS last_at
        FROM unit_signs
        GROUP BY code
    )
) AS signs ON signs.code = habits.unit
ORDER BY silent_hours / patience_hours DESC, unit
LIMIT 2 * {rows:UInt16}
