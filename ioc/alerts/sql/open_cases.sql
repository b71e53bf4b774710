-- Alerts that are open, the oldest first.
SELECT alert_id, rule, unit, toString(state) AS state, level, crossed_at, unknown_since
FROM alert_cases FINAL
WHERE state IN ('open', 'acknowledged', 'explained') AND digest = 0
    AND ({unit:String} = '' OR unit = {unit:String})
ORDER BY crossed_at, alert_id
LIMIT {rows:UInt32}
