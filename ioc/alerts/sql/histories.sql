-- The events of some dossiers, as workers read them back.
SELECT shard, dossier_id, history, position
FROM dossiers FINAL
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
