-- Who was told what of the watched alerts, in the order of the messages; what was dropped, or was
-- too old when it could have been sent, tells which steps did not take place.
SELECT
    alert_id, person, role, unit, kind, notice_id,
    if(problem = 'expired', 'dropped', toString(state)),
    toUnixTimestamp64Milli(planned_at), toUnixTimestamp64Milli(changed_at)
FROM alert_deliveries FINAL
ARRAY JOIN alert_ids AS alert_id
WHERE kind NOT IN ('digest', 'weekly')
    AND alert_id IN
    (
        SELECT alert_id
        FROM alert_cases FINAL
        WHERE state IN ('open', 'acknowledged', 'explained') OR closed_at >= {watch_from:Int64}
    )
ORDER BY planned_at, notice_id
