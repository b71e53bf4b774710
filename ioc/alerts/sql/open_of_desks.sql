-- Open and overdue files of each authority that silent desks received: nothing sure is known of
-- them.
SELECT
    toString(authority) AS unit,
    count() AS open,
    countIf(phase = 'processing' AND alarm_at > 0 AND alarm_at <= {now:Int64}) AS overdue
FROM live_dossiers FINAL
WHERE closed = 0 AND receiver IN {desks:Array(String)}
    AND phase IN ('processing', 'supplement', 'payment')
GROUP BY unit
