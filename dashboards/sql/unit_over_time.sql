-- Received, resolved and in process at the end, by day, week (from Monday) or month: a unit and
-- everything below it. What was in process is counted back from what is open now.
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
    (
        SELECT toInt64(sum(n))
        FROM open_dossiers FINAL
        ARRAY JOIN field, channel, phase, n
        WHERE phase != 'awaiting'
            AND (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
    ) AS open_now,
    days AS
    (
        SELECT
            day,
            sum(toInt64(received)) AS came,
            sum(toInt64(early) + on_time + late + no_due) AS done,
            sum(toInt64(withdrawn) + stopped) AS left_else
        FROM field_days FINAL
        PREWHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day >= {from_day:Date}
            AND (({unit:String} = '' AND {level:String} = '') OR unit IN chosen)
        GROUP BY day
    ),
    ends AS
    (
        SELECT
            day,
            came,
            done,
            open_now - ifNull(sum(came - done - left_else) OVER (ORDER BY day DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS open
        FROM days
    )
SELECT
    multiIf({step:String} = 'month', toStartOfMonth(day),
            {step:String} = 'week', toMonday(day),
            day) AS start,
    sum(came) AS received,
    sum(done) AS resolved,
    argMax(open, day) AS open
FROM ends
WHERE day <= least({to_day:Date}, {today:Date})
GROUP BY start
ORDER BY start
