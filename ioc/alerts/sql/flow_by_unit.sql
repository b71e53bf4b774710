-- What came and went at each authority, day by day.
SELECT
    toString(unit) AS authority,
    toString(day) AS on_day,
    toInt64(received) - (toInt64(early) + on_time + late + no_due + withdrawn + stopped) AS growth
FROM unit_days FINAL
WHERE role = 'authority' AND day >= {from_day:Date} AND day < {today:Date}
ORDER BY authority, on_day
