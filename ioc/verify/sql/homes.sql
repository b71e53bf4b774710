-- Dossiers whose audit rows lie in another shard than the hash of their id says.
SELECT
    'dossier_events' AS cells,
    shard,
    dossier_id AS key,
    'shard' AS name,
    toString(shard) AS stored,
    toString(bitAnd(kafkaMurmurHash(dossier_id), 0x7fffffff) % 48) AS recomputed,
    count() OVER (PARTITION BY shard) AS total
FROM {database:Identifier}.dossier_events
WHERE shard IN {shards:Array(UInt8)}
    AND shard != bitAnd(kafkaMurmurHash(dossier_id), 0x7fffffff) % 48
GROUP BY shard, dossier_id
ORDER BY shard, key
LIMIT {limit:UInt32} BY shard
