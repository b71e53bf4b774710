-- The whole province; field '*' and channel 0 stand for all fields and all channels.
CREATE TABLE {scratch:Identifier}.derived_province_field_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat('day=', toString(day), ' field=', scope.1, ' channel=', toString(scope.2)) AS key,
    sum(toUInt128(version)) AS version,
    CAST([
        sum(registered), sum(received), sum(receipt_late), sum(refused), sum(withdrawn), sum(stopped),
        sum(closed_unreceived), sum(early), sum(on_time), sum(late), sum(no_due), sum(returned),
        sum(uncollected), sum(due), sum(due_met)
    ], 'Array(Int64)') AS measures
FROM (SELECT * FROM {database:Identifier}.dossier_days FINAL)
ARRAY JOIN [
    ('*', toUInt8(0)), ('*', channel), (toString(field), toUInt8(0)), (toString(field), channel)
] AS scope
GROUP BY day, scope
