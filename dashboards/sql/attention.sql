-- What people have to look at: deadlines that passed or came near in the period, and records that
-- could not be read.
SELECT
    raised.late AS alerts_late,
    raised.soon AS alerts_soon,
    letters.open AS dead_letters
FROM
(
    SELECT countIf(rule != 'due_soon') AS late, countIf(rule = 'due_soon') AS soon
    FROM alerts FINAL
    WHERE crossed_at >= {from_at:Int64} AND crossed_at < {until_at:Int64}
) AS raised
CROSS JOIN
(
    SELECT count() AS open FROM dead_letters FINAL WHERE state = 'open'
) AS letters
