-- Audit rows of each shard that has any row at all in some table.
SELECT shard, max(events)
FROM
(
    SELECT shard, count() AS events FROM {database:Identifier}.dossier_events GROUP BY shard
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.dossiers
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.dossier_days
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.province_days
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.open_dossiers
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.national_days
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.leg_days
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.open_legs
    UNION ALL
    SELECT DISTINCT shard, 0 FROM {database:Identifier}.checkpoints
)
GROUP BY shard
ORDER BY shard
