-- Carried over + received = finished + open, for each month and shard. What is carried over and
-- open comes from the stored dossiers, what was received and finished from `province_days`; after
-- the last month the open ones are also those of `open_dossiers`. Only shards whose three tables
-- stand at one position can be compared.
WITH
    settled AS
    (
        SELECT shard
        FROM {scratch:Identifier}.positions
        WHERE cells IN ('dossiers', 'province_days', 'open_dossiers')
        GROUP BY shard
        HAVING uniqExact(position) = 1
    ),
    changes AS
    (
        -- (shard, month, received less finished by dossiers, received, finished by cells)
        SELECT
            shard,
            toStartOfMonth(toDate(toUInt16(intDiv(change.1 + 25200, 86400)))) AS month,
            change.2 AS still_open,
            0 AS received_count,
            0 AS finished_count
        FROM {scratch:Identifier}.stored_dossiers
        ARRAY JOIN arrayFilter(c -> c.1 > 0, [(received_at, 1), (finished_at, -1)]) AS change
        WHERE received
        UNION ALL
        SELECT
            shard,
            toStartOfMonth(toDate(substring(key, length('day=') + 1))),
            0,
            measures[2],
            measures[5] + measures[6] + arraySum(arraySlice(measures, 8, 4))
        FROM {scratch:Identifier}.stored_cells
        WHERE cells = 'province_days'
    ),
    months AS
    (
        SELECT
            shard,
            month,
            sum(still_open) AS opened,
            sum(received_count) AS received_in,
            sum(finished_count) AS finished_in
        FROM changes
        GROUP BY shard, month
    ),
    reports AS
    (
        SELECT
            shard,
            concat('month=', toString(month)) AS key,
            sum(opened) OVER (
                PARTITION BY shard ORDER BY month ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
            ) AS open_at_end,
            open_at_end - opened + received_in AS to_resolve,
            finished_in + open_at_end AS accounted
        FROM months
        UNION ALL
        SELECT
            shard,
            'now',
            0,
            sumIf(n, side = 'days'),
            sumIf(n, side = 'open')
        FROM
        (
            SELECT shard, 'days' AS side, toInt64(received_in) - toInt64(finished_in) AS n FROM months
            UNION ALL
            SELECT shard, 'open', measures[1]
            FROM {scratch:Identifier}.stored_cells
            WHERE cells = 'open_dossiers' AND NOT startsWith(key, 'phase=awaiting ')
        )
        GROUP BY shard
    )
SELECT
    'balance' AS cells,
    shard,
    key,
    'to_resolve' AS name,
    toString(to_resolve) AS stored,
    toString(accounted) AS recomputed,
    count() OVER (PARTITION BY shard) AS total
FROM reports
WHERE shard IN (SELECT shard FROM settled) AND to_resolve != accounted
ORDER BY shard, key
LIMIT {limit:UInt32} BY shard
