-- The cells as stored, each table read once; a cell's key as one text, its measures in the order
-- of `compare_cells.sql`.
CREATE TABLE {scratch:Identifier}.stored_cells ENGINE = Memory AS
SELECT
    'dossier_days' AS cells,
    shard,
    concat(
        'day=', toString(day), ' receiver=', receiver, ' authority=', authority, ' handler=', handler,
        ' field=', field, ' channel=', toString(channel)
    ) AS key,
    version,
    CAST([
        registered, received, receipt_late, refused, withdrawn, stopped, closed_unreceived, early,
        on_time, late, no_due, returned, uncollected, due, due_met
    ], 'Array(Int64)') AS measures
FROM {database:Identifier}.dossier_days FINAL
WHERE shard IN {shards:Array(UInt8)}
UNION ALL
SELECT
    'province_days',
    shard,
    concat('day=', toString(day)),
    version,
    CAST([
        registered, received, receipt_late, refused, withdrawn, stopped, closed_unreceived, early,
        on_time, late, no_due, returned, uncollected, due, due_met, received_online
    ], 'Array(Int64)')
FROM {database:Identifier}.province_days FINAL
WHERE shard IN {shards:Array(UInt8)}
UNION ALL
SELECT
    'open_dossiers',
    shard,
    concat(
        'phase=', phase_name, ' apologised=', toString(apologised),
        ' alarm_minute=', toString(alarm_minute), ' receiver=', receiver, ' authority=', authority,
        ' handler=', handler, ' field=', field, ' channel=', toString(channel)
    ),
    version,
    CAST([n], 'Array(Int64)')
-- A row without cells comes as one of zero: it counts for the table's newest position. (Its phase
-- is no value of the enum then, so the names are made before.)
FROM {database:Identifier}.open_dossiers FINAL
LEFT ARRAY JOIN
    receiver, handler, field, channel, arrayMap(p -> toString(p), phase) AS phase_name, apologised,
    alarm_minute, n
WHERE shard IN {shards:Array(UInt8)}
UNION ALL
SELECT
    'national_days',
    shard,
    concat(
        'received_day=', toString(received_day), ' late_from=', toString(late_from),
        ' receiver=', receiver, ' authority=', authority, ' handler=', handler
    ),
    version,
    CAST([n], 'Array(Int64)')
FROM {database:Identifier}.national_days FINAL
WHERE shard IN {shards:Array(UInt8)}
UNION ALL
SELECT
    'leg_days',
    shard,
    concat('day=', toString(day), ' unit=', unit, ' field=', field),
    version,
    CAST([started, on_time, late, no_due], 'Array(Int64)')
FROM {database:Identifier}.leg_days FINAL
WHERE shard IN {shards:Array(UInt8)}
UNION ALL
SELECT
    'open_legs',
    shard,
    concat('alarm_minute=', toString(alarm_minute), ' unit=', unit, ' field=', field),
    version,
    CAST([n], 'Array(Int64)')
FROM {database:Identifier}.open_legs FINAL
WHERE shard IN {shards:Array(UInt8)}
