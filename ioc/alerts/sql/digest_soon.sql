-- Files of each authority that become late soon.
SELECT toString(authority) AS unit, count() AS files
FROM live_dossiers FINAL
WHERE closed = 0 AND phase NOT IN ('awaiting', 'supplement', 'payment')
    AND alarm_at > {now:Int64} AND alarm_at <= {until:Int64}
GROUP BY unit
