-- By the role in which a unit stands on a dossier.
CREATE TABLE {scratch:Identifier}.derived_unit_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat('day=', toString(day), ' role=', role, ' unit=', unit) AS key,
    sum(toUInt128(version)) AS version,
    CAST([
        sum(registered), sum(received), sum(receipt_late), sum(refused), sum(withdrawn), sum(stopped),
        sum(closed_unreceived), sum(early), sum(on_time), sum(late), sum(no_due), sum(returned),
        sum(uncollected), sum(due), sum(due_met), sumIf(received, channel = 2)
    ], 'Array(Int64)') AS measures
FROM (SELECT * FROM {database:Identifier}.dossier_days FINAL)
ARRAY JOIN
    ['receiver', 'authority', 'handler'] AS role,
    [toString(receiver), toString(authority), toString(handler)] AS unit
GROUP BY day, role, unit
