-- What came in and what was finished in the period, the whole province, and in the period before.
-- While the period still runs, only as many days of the one before it are compared.
WITH
    if({today:Date} < {to_day:Date} AND {today:Date} >= {from_day:Date},
       least({before_to_day:Date}, {before_from_day:Date} + ({today:Date} - {from_day:Date})),
       {before_to_day:Date}) AS before_until,
    days AS
    (
        SELECT
            *,
            day BETWEEN {from_day:Date} AND {to_day:Date} AS is_now,
            day BETWEEN {before_from_day:Date} AND before_until AS is_before
        FROM province_days FINAL
        WHERE day BETWEEN least({from_day:Date}, {before_from_day:Date}) AND {to_day:Date}
    ),
    flow AS
    (
        SELECT
            sumIf(days.registered, is_now) AS registered,
            sumIf(days.received, is_now) AS received,
            sumIf(days.received_online, is_now) AS received_online,
            sumIf(days.early, is_now) AS early,
            sumIf(days.on_time, is_now) AS on_time,
            sumIf(days.late, is_now) AS late,
            sumIf(days.no_due, is_now) AS no_due,
            sumIf(days.receipt_late, is_now) AS receipt_late,
            sumIf(days.uncollected, is_now) AS uncollected,
            sumIf(days.received, is_before) AS received_before,
            sumIf(days.early + days.on_time + days.late + days.no_due, is_before)
                AS resolved_before,
            sumIf(days.early + days.on_time, is_before) AS in_time_before,
            sumIf(days.early + days.on_time + days.late, is_before) AS decided_before
        FROM days
    )
SELECT
    received,
    received_online,
    if(received = 0, NULL, received_online / received) AS online_share,
    early + on_time + late + no_due AS resolved,
    early,
    early + on_time AS in_time,
    early + on_time + late AS decided,
    if(decided = 0, NULL, in_time / decided) AS in_time_share,
    late,
    registered,
    receipt_late,
    uncollected,
    received_before,
    if(received_before = 0, NULL, received / received_before - 1) AS received_change,
    resolved_before,
    if(resolved_before = 0, NULL, resolved / resolved_before - 1) AS resolved_change,
    if(decided_before = 0, NULL, in_time_before / decided_before) AS in_time_share_before
FROM flow
