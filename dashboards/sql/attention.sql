-- What people have to look at: deadlines that passed or came near since the shift began, and
-- records that could not be read.
SELECT
    raised.late AS alerts_late,
    raised.soon AS alerts_soon,
    letters.open AS dead_letters,
    letters.new AS dead_letters_new
FROM
(
    SELECT countIf(rule != 'due_soon') AS late, countIf(rule = 'due_soon') AS soon
    FROM alert_times FINAL
    WHERE crossed_at > {shift_at:Int64} AND crossed_at <= {now:Int64}
) AS raised
CROSS JOIN
(
    SELECT
        count() AS open,
        countIf(log_at >= fromUnixTimestamp64Milli({shift_at:Int64} * 1000)) AS new
    FROM dead_letters FINAL
    WHERE state = 'open'
) AS letters
