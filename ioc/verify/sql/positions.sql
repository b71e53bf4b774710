-- How far each table's shard is complete: to the checkpoint read before it, or to its newest row
-- where a group of inserts is under way (all audit rows up to it are stored first).
CREATE TABLE {scratch:Identifier}.positions ENGINE = Memory AS
WITH
    newest AS
    (
        SELECT cells, shard, max(version) AS row_position
        FROM {scratch:Identifier}.stored_cells
        GROUP BY cells, shard
        UNION ALL
        SELECT 'dossiers', shard, max(position)
        FROM {scratch:Identifier}.stored_dossiers
        GROUP BY shard
    ),
    every_shard AS
    (
        SELECT
            arrayJoin([
                'dossiers', 'dossier_days', 'province_days', 'open_dossiers', 'national_days',
                'leg_days', 'open_legs'
            ]) AS cells,
            arrayJoin({shards:Array(UInt8)}) AS shard
    )
SELECT
    every_shard.cells AS cells,
    every_shard.shard AS shard,
    newest.row_position AS row_position,
    checkpoints.position AS checkpoint,
    greatest(row_position, checkpoint) AS position
FROM every_shard
LEFT JOIN newest ON newest.cells = every_shard.cells AND newest.shard = every_shard.shard
LEFT JOIN {scratch:Identifier}.checkpoints AS checkpoints ON checkpoints.shard = every_shard.shard
