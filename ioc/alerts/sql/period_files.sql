-- The dossiers of a shard that were open at some time in a period.
SELECT shard, dossier_id, history, position
FROM dossiers FINAL
WHERE shard = {shard:UInt8}
    AND (received_at > 0 OR registered_at > 0)
    AND if(received_at > 0, received_at, registered_at) < {end:Int64}
    AND (live = 1 OR finished_at >= {start:Int64})
