-- In process at the end of each day (or of the week's or month's last day that is over), counted
-- back from what is open now.
WITH
    days AS
    (
        SELECT
            day,
            sum(toInt64(received)) AS came,
            sum(toInt64(early) + on_time + late + no_due + withdrawn + stopped) AS went
        FROM province_days FINAL
        WHERE day >= {from_day:Date}
        GROUP BY day
    ),
    (
        SELECT toInt64(sum(n))
        FROM open_dossiers FINAL
        ARRAY JOIN phase, n
        WHERE phase != 'awaiting'
    ) AS open_now,
    ends AS
    (
        SELECT
            day,
            came,
            went,
            open_now - ifNull(sum(came - went) OVER (ORDER BY day DESC
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS open
        FROM days
    )
SELECT
    multiIf({step:String} = 'month', toStartOfMonth(day),
            {step:String} = 'week', toMonday(day),
            day) AS start,
    argMax(open, day) AS open,
    sum(came) AS came_in,
    sum(went) AS went_out
FROM ends
WHERE day <= least({to_day:Date}, {today:Date})
GROUP BY start
ORDER BY start
