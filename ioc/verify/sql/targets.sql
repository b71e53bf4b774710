-- The positions at which each shard has to be recomputed; one when nothing is under way.
CREATE TABLE {scratch:Identifier}.targets ENGINE = Memory AS
SELECT DISTINCT shard, position
FROM {scratch:Identifier}.positions
WHERE position > 0
