-- Authorities with the most overdue dossiers.
SELECT
    toString(authority) AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}) AS overdue,
    sum(n) AS open,
    overdue / open AS share,
    sumIf(n, alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64}) AS overdue_new
FROM open_dossiers FINAL
ARRAY JOIN phase, alarm_minute, n
WHERE phase != 'awaiting'
GROUP BY unit
HAVING overdue > 0
ORDER BY overdue DESC, share DESC, unit
LIMIT {rows:UInt16}
