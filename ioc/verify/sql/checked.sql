-- How many rows were recomputed, by table.
SELECT cells, count() FROM {scratch:Identifier}.true_cells GROUP BY cells
UNION ALL
SELECT 'dossiers', count()
FROM {scratch:Identifier}.facts
WHERE (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'dossiers')
