-- What came in and what was finished in the period, the whole province, and in the period before.
-- While the period still runs, only as many days of the one before it are compared.
WITH
    if({today:Date} < {to_day:Date} AND {today:Date} >= {from_day:Date},
       least({before_to_day:Date}, {before_from_day:Date} + ({today:Date} - {from_day:Date})),
       {before_to_day:Date}) AS before_until,
    days AS
    (
        SELECT
            registered, received, received_online, receipt_late, early, on_time, late, no_due,
            uncollected,
            early + on_time AS kept,
            kept + late AS judged,
            judged + no_due AS done,
            day BETWEEN {from_day:Date} AND {to_day:Date} AS is_now,
            day BETWEEN {before_from_day:Date} AND before_until AS is_before
        FROM province_days FINAL
        WHERE day BETWEEN least({from_day:Date}, {before_from_day:Date}) AND {to_day:Date}
    )
SELECT
    sumIf(days.received, is_now) AS received,
    sumIf(days.received_online, is_now) AS received_online,
    received_online / nullIf(received, 0) AS online_share,
    sumIf(done, is_now) AS resolved,
    sumIf(days.early, is_now) AS early,
    sumIf(kept, is_now) AS in_time,
    sumIf(judged, is_now) AS decided,
    in_time / nullIf(decided, 0) AS in_time_share,
    sumIf(days.late, is_now) AS late,
    sumIf(days.registered, is_now) AS registered,
    sumIf(days.receipt_late, is_now) AS receipt_late,
    sumIf(days.uncollected, is_now) AS uncollected,
    sumIf(days.received, is_before) AS received_before,
    received / nullIf(received_before, 0) - 1 AS received_change,
    sumIf(done, is_before) AS resolved_before,
    resolved / nullIf(resolved_before, 0) - 1 AS resolved_change,
    sumIf(kept, is_before) / nullIf(sumIf(judged, is_before), 0) AS in_time_share_before,
    sumIf(days.receipt_late, is_before) AS receipt_late_before,
    sumIf(days.uncollected, is_before) AS uncollected_before
FROM days
