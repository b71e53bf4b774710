-- The newest version of some dossiers: cheaper than their facts, which most often are known.
SELECT dossier_id, max(version)
FROM dossiers
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
GROUP BY dossier_id
