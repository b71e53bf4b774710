-- The present facts of some dossiers.
SELECT
    shard, dossier_id, version, phase = 'awaiting', live, received,
    phase IN ('supplement', 'payment'), receiver, authority, handler, procedure, field, due_at, alarm_at,
    receipt_due_at, apologised, status,
    arrayMap(leg -> (tupleElement(leg, 'number'), tupleElement(leg, 'unit'), tupleElement(leg, 'due_at'),
                     tupleElement(leg, 'ended_at'), tupleElement(leg, 'late_from')), legs),
    source
FROM dossiers FINAL
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
