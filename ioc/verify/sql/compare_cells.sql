-- Every measure of every cell that differs. A row of zeros equals no row.
WITH
    sides AS
    (
        SELECT cells, shard, key, measures AS stored_measures, emptyArrayInt64() AS true_measures
        FROM {scratch:Identifier}.stored_cells
        UNION ALL
        SELECT cells, shard, key, emptyArrayInt64(), measures
        FROM {scratch:Identifier}.true_cells
    ),
    compared AS
    (
        SELECT
            cells,
            shard,
            key,
            multiIf(
                cells IN ('dossier_days', 'province_days'),
                    [
                        'registered', 'received', 'receipt_late', 'refused', 'withdrawn', 'stopped',
                        'closed_unreceived', 'early', 'on_time', 'late', 'no_due', 'returned',
                        'uncollected', 'due', 'due_met', 'received_online'
                    ],
                cells = 'leg_days', ['started', 'on_time', 'late', 'no_due'],
                ['n']
            ) AS names,
            arrayResize(sumForEach(stored_measures), length(names)) AS stored_sums,
            arrayResize(sumForEach(true_measures), length(names)) AS true_sums
        FROM sides
        GROUP BY cells, shard, key
        HAVING stored_sums != true_sums
    )
SELECT
    cells,
    shard,
    key,
    name,
    toString(stored_value) AS stored,
    toString(true_value) AS recomputed,
    count() OVER (PARTITION BY shard) AS total
FROM compared
ARRAY JOIN names AS name, stored_sums AS stored_value, true_sums AS true_value
WHERE stored_value != true_value
ORDER BY cells, shard, key, name
LIMIT {limit:UInt32} BY shard
