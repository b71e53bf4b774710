-- The same of sources that are silent or behind, but for the files of silent desks.
SELECT
    toString(authority) AS unit,
    count() AS open,
    countIf(phase = 'processing' AND alarm_at > 0 AND alarm_at <= {now:Int64}) AS overdue
FROM dossiers FINAL
WHERE live = 1 AND source IN {sources:Array(String)}
    AND receiver NOT IN {desks:Array(String)}
    AND phase IN ('processing', 'supplement', 'payment')
GROUP BY unit
