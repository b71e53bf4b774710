-- What came in and what was finished: a unit and everything below it, as far as level, field and
-- channel are chosen, and in the period before, as many days of it as have passed of this one.
WITH
    -- A unit that began after the period is looked at as of its first day.
    least({today:Date}, greatest({units_on:Date},
        joinGet('unit_labels', 'valid_from', {unit:String}))) AS units_day,
    if({today:Date} < {to_day:Date} AND {today:Date} >= {from_day:Date},
       least({before_to_day:Date}, {before_from_day:Date} + ({today:Date} - {from_day:Date})),
       {before_to_day:Date}) AS before_until,
    chosen AS
    (
        WITH arrayLast((each, day) -> day <= units_day, units, since) AS heir
        SELECT code
        FROM unit_heirs
        WHERE ({unit:String} = '' OR has(joinGet('unit_labels', 'line', heir), {unit:String}))
            AND ({level:String} = '' OR joinGet('unit_labels', 'level', heir) = {level:String})
    ),
    days AS
    (
        SELECT
            registered, received, receipt_late, early, late, uncollected,
            early + on_time AS kept,
            kept + late AS judged,
            judged + no_due AS done,
            withdrawn + stopped AS left_else,
            day BETWEEN {from_day:Date} AND {to_day:Date} AS is_now,
            day BETWEEN {before_from_day:Date} AND before_until AS is_before
        FROM field_days FINAL
        PREWHERE field = if({field:String} = '', '*', {field:String}) AND channel = {channel:UInt8}
            AND day BETWEEN least({from_day:Date}, {before_from_day:Date}) AND {to_day:Date}
            AND (({unit:String} = '' AND {level:String} = '') OR unit IN chosen)
    )
SELECT
    sumIf(days.received, is_now) AS received,
    sumIf(done, is_now) AS resolved,
    sumIf(days.early, is_now) AS early,
    sumIf(kept, is_now) AS in_time,
    sumIf(judged, is_now) AS decided,
    in_time / nullIf(decided, 0) AS in_time_share,
    sumIf(days.late, is_now) AS late,
    sumIf(days.registered, is_now) AS registered,
    sumIf(days.receipt_late, is_now) AS receipt_late,
    sumIf(days.uncollected, is_now) AS uncollected,
    sumIf(left_else, is_now) AS withdrawn,
    sumIf(days.received, is_before) AS received_before,
    received / nullIf(received_before, 0) - 1 AS received_change,
    sumIf(done, is_before) AS resolved_before,
    resolved / nullIf(resolved_before, 0) - 1 AS resolved_change,
    sumIf(kept, is_before) / nullIf(sumIf(judged, is_before), 0) AS in_time_share_before,
    sumIf(days.receipt_late, is_before) AS receipt_late_before,
    sumIf(days.uncollected, is_before) AS uncollected_before
FROM days
