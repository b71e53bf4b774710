-- Files of each authority that were finished late since a day: they were overdue before.
SELECT toString(unit) AS unit, sum(late) AS files
FROM unit_days FINAL
WHERE role = 'authority' AND day >= {since_day:Date} AND late > 0
GROUP BY unit
