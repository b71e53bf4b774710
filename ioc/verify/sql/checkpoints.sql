-- Read before any other table: every row up to a checkpoint is stored before the checkpoint is.
CREATE TABLE {scratch:Identifier}.checkpoints ENGINE = Memory AS
SELECT shard, position
FROM {database:Identifier}.checkpoints FINAL
WHERE shard IN {shards:Array(UInt8)}
