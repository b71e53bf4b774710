-- Received and resolved, by day, week (from Monday) or month.
SELECT
    multiIf({step:String} = 'month', toStartOfMonth(days.day),
            {step:String} = 'week', toMonday(days.day),
            days.day) AS start,
    sum(days.received) AS received,
    sum(days.early + days.on_time + days.late + days.no_due) AS resolved,
    sum(days.late) AS late
FROM province_days AS days FINAL
WHERE days.day BETWEEN {from_day:Date} AND {to_day:Date}
GROUP BY start
ORDER BY start
