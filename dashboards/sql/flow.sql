-- What came in and what was finished in the period, the whole province.
WITH flow AS
(
    SELECT
        sum(days.registered) AS registered,
        sum(days.received) AS received,
        sum(days.received_online) AS received_online,
        sum(days.early) AS early,
        sum(days.on_time) AS on_time,
        sum(days.late) AS late,
        sum(days.no_due) AS no_due,
        sum(days.receipt_late) AS receipt_late,
        sum(days.uncollected) AS uncollected
    FROM province_days AS days FINAL
    WHERE days.day BETWEEN {from_day:Date} AND {to_day:Date}
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
    uncollected
FROM flow
