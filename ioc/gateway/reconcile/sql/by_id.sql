-- Dossiers by id, whatever their day and source.
SELECT dossier_id, status
FROM dossiers FINAL
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
    AND ({all_units:UInt8}
        OR receiver IN {units:Array(String)} OR authority IN {units:Array(String)}
        OR handler IN {units:Array(String)})
