-- Who was told what of the watched alerts, in the order of the messages.
SELECT alert_id, person, role, unit, kind, notice_id, toUnixTimestamp64Milli(due_at)
FROM alert_deliveries FINAL
ARRAY JOIN alert_ids AS alert_id
WHERE state != 'dropped' AND kind NOT IN ('digest', 'weekly')
    AND alert_id IN
    (
        SELECT alert_id
        FROM alert_cases FINAL
        WHERE state IN ('open', 'acknowledged', 'explained') OR closed_at >= {watch_from:Int64}
    )
ORDER BY planned_at, notice_id
