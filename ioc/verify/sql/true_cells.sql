-- docs/fold.md, section 6: the cells that follow from the facts, each table at its own position.
CREATE TABLE {scratch:Identifier}.true_cells ENGINE = Memory AS
WITH
    marked AS
    (
        SELECT
            target, shard, receiver, authority, handler, field, channel,
            toDate(toUInt16(assumeNotNull(mark.1))) AS day,
            mark.2 AS measure
        FROM {scratch:Identifier}.facts
        ARRAY JOIN marks AS mark
    )
SELECT
    'dossier_days' AS cells,
    shard,
    concat(
        'day=', toString(day), ' receiver=', receiver, ' authority=', authority, ' handler=', handler,
        ' field=', field, ' channel=', toString(channel)
    ) AS key,
    CAST([
        countIf(measure = 'registered'),
        countIf(measure = 'received'),
        countIf(measure = 'receipt_late'),
        countIf(measure = 'refused'),
        countIf(measure = 'withdrawn'),
        countIf(measure = 'stopped'),
        countIf(measure = 'closed_unreceived'),
        countIf(measure = 'early'),
        countIf(measure = 'on_time'),
        countIf(measure = 'late'),
        countIf(measure = 'no_due'),
        countIf(measure = 'returned'),
        countIf(measure = 'uncollected'),
        countIf(measure = 'due'),
        countIf(measure = 'due_met')
    ], 'Array(Int64)') AS measures
FROM marked
WHERE (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'dossier_days')
GROUP BY shard, day, receiver, authority, handler, field, channel
UNION ALL
SELECT
    'province_days',
    shard,
    concat('day=', toString(day)),
    CAST([
        countIf(measure = 'registered'),
        countIf(measure = 'received'),
        countIf(measure = 'receipt_late'),
        countIf(measure = 'refused'),
        countIf(measure = 'withdrawn'),
        countIf(measure = 'stopped'),
        countIf(measure = 'closed_unreceived'),
        countIf(measure = 'early'),
        countIf(measure = 'on_time'),
        countIf(measure = 'late'),
        countIf(measure = 'no_due'),
        countIf(measure = 'returned'),
        countIf(measure = 'uncollected'),
        countIf(measure = 'due'),
        countIf(measure = 'due_met'),
        countIf(measure = 'received_online')
    ], 'Array(Int64)')
FROM marked
WHERE (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'province_days')
GROUP BY shard, day
UNION ALL
SELECT
    'open_dossiers',
    shard,
    concat(
        'phase=', phase, ' apologised=', toString(apologised),
        ' alarm_minute=', toString(alarm_minute), ' receiver=', receiver, ' authority=', authority,
        ' handler=', handler, ' field=', field, ' channel=', toString(channel)
    ) AS key,
    [toInt64(count())]
FROM {scratch:Identifier}.facts
WHERE live AND (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'open_dossiers')
GROUP BY shard, key
UNION ALL
SELECT
    'national_days',
    shard,
    concat(
        'received_day=', toString(toDate(toUInt16(intDiv(received_at + 25200, 86400)))),
        ' late_from=', toString(national_late_from),
        ' receiver=', receiver, ' authority=', authority, ' handler=', handler
    ) AS key,
    [toInt64(count())]
FROM {scratch:Identifier}.facts
WHERE received AND (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'national_days')
GROUP BY shard, key
UNION ALL
SELECT
    'leg_days',
    shard,
    concat('day=', toString(toDate(toUInt16(mark.1))), ' unit=', unit, ' field=', field) AS key,
    CAST([
        countIf(mark.2 = 'started'),
        countIf(mark.2 = 'on_time'),
        countIf(mark.2 = 'late'),
        countIf(mark.2 = 'no_due')
    ], 'Array(Int64)')
FROM {scratch:Identifier}.legs
ARRAY JOIN arrayFilter(m -> m.2 != '', [
    (intDiv(started_at + 25200, 86400), 'started'),
    (
        intDiv(ended_at + 25200, 86400),
        multiIf(ended_at = 0, '', late_from = 0, 'no_due', ended_at >= late_from, 'late', 'on_time')
    )
]) AS mark
WHERE (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'leg_days')
GROUP BY shard, key
UNION ALL
SELECT
    'open_legs',
    shard,
    concat(
        'alarm_minute=', toString(intDiv(late_from + 59, 60) * 60), ' unit=', unit, ' field=', field
    ) AS key,
    [toInt64(count())]
FROM {scratch:Identifier}.legs
WHERE in_process AND ended_at = 0 AND (shard, target) IN
    (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'open_legs')
GROUP BY shard, key
