-- Every measure of `unit_days` that differs from the sum of its cells in `dossier_days`, with both
-- versions: while they differ (stored rows are older) the row may be about to be written.
WITH
    derived AS
    (
        SELECT
            concat('day=', toString(day), ' role=', role, ' unit=', unit) AS key,
            sum(toUInt128(version)) AS version,
            CAST([
                sum(registered), sum(received), sum(receipt_late), sum(refused), sum(withdrawn),
                sum(stopped), sum(closed_unreceived), sum(early), sum(on_time), sum(late),
                sum(no_due), sum(returned), sum(uncollected), sum(due), sum(due_met),
                sumIf(received, channel = 2)
            ], 'Array(Int64)') AS measures
        FROM (SELECT * FROM {database:Identifier}.dossier_days FINAL)
        ARRAY JOIN
            ['receiver', 'authority', 'handler'] AS role,
            [toString(receiver), toString(authority), toString(handler)] AS unit
        GROUP BY day, role, unit
    ),
    compared AS
    (
        SELECT
            key,
            [
                'registered', 'received', 'receipt_late', 'refused', 'withdrawn', 'stopped',
                'closed_unreceived', 'early', 'on_time', 'late', 'no_due', 'returned', 'uncollected',
                'due', 'due_met', 'received_online'
            ] AS names,
            max(stored_version) AS stored_version,
            max(derived_version) AS derived_version,
            arrayResize(sumForEach(stored_measures), length(names)) AS stored_sums,
            arrayResize(sumForEach(true_measures), length(names)) AS true_sums
        FROM
        (
            SELECT
                key,
                version AS stored_version,
                toUInt128(0) AS derived_version,
                measures AS stored_measures,
                emptyArrayInt64() AS true_measures
            FROM {scratch:Identifier}.stored_unit_days
            UNION ALL
            SELECT key, toUInt128(0), version, emptyArrayInt64(), measures
            FROM derived
        )
        GROUP BY key
        HAVING stored_sums != true_sums
    )
SELECT
    key,
    name,
    toString(stored_value) AS stored,
    toString(true_value) AS recomputed,
    toString(stored_version) AS stored_version_text,
    toString(derived_version) AS derived_version_text,
    count() OVER () AS total
FROM compared
ARRAY JOIN names AS name, stored_sums AS stored_value, true_sums AS true_value
WHERE stored_value != true_value
ORDER BY key, name
LIMIT {limit:UInt32}
