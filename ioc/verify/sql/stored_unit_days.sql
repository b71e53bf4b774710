-- Read before the cells from which these rows are derived.
CREATE TABLE {scratch:Identifier}.stored_unit_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat('day=', toString(day), ' role=', toString(role), ' unit=', unit) AS key,
    version,
    CAST([
        registered, received, receipt_late, refused, withdrawn, stopped, closed_unreceived, early,
        on_time, late, no_due, returned, uncollected, due, due_met, received_online
    ], 'Array(Int64)') AS measures
FROM {database:Identifier}.unit_days FINAL
