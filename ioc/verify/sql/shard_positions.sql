-- By shard: its newest row, its checkpoint, and how far it was checked.
SELECT shard, max(row_position), max(checkpoint), max(position)
FROM {scratch:Identifier}.positions
GROUP BY shard
HAVING max(position) > 0
ORDER BY shard
