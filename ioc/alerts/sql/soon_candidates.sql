-- Open files whose clock runs and that become late, or became late, within some span.
SELECT
    dossier_id, shard, authority, handler, receiver, field, procedure, due_at, alarm_at, apologised,
    status, leg_late_from > 0 AND leg_late_from <= {now:Int64} AS leg_late
FROM live_dossiers FINAL
WHERE closed = 0 AND phase NOT IN ('awaiting', 'supplement', 'payment')
    AND alarm_at > {after:Int64} AND alarm_at <= {until:Int64}
