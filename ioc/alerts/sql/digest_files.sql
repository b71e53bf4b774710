-- The files behind a digest, the longest overdue first; none of silent desks and sources.
SELECT
    dossier_id, authority, if(leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64},
                              leg_unit, handler) AS holder,
    procedure, field, due_at, alarm_at, apologised
FROM live_dossiers FINAL
WHERE closed = 0 AND phase NOT IN ('awaiting', 'supplement', 'payment')
    AND alarm_at > 0 AND alarm_at <= {now:Int64}
    AND authority IN {units:Array(String)}
    AND NOT
    (receiver IN {desks:Array(String)}
     OR dossier_id IN
     (
         SELECT dossier_id FROM dossiers FINAL
         WHERE live = 1 AND source IN {sources:Array(String)}
     ))
ORDER BY alarm_at, dossier_id
LIMIT {most:UInt32}
