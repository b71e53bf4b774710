-- Open and overdue files of each authority.
SELECT
    toString(authority) AS unit,
    sumIf(n, phase != 'awaiting') AS open,
    sumIf(n, phase != 'awaiting' AND alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue
FROM open_cells
GROUP BY unit
HAVING open > 0
