-- The first and the newest day on which anything happened. Due days lie ahead and do not count.
SELECT
    count() AS days,
    min(day) AS first_day,
    max(day) AS newest_day
FROM province_days FINAL
WHERE day <= {today:Date}
    AND toUInt64(registered) + received + refused + withdrawn + stopped + closed_unreceived
        + early + on_time + late + no_due + returned > 0
