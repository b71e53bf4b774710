-- Read before the cells from which these rows are derived.
CREATE TABLE {scratch:Identifier}.stored_province_field_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat('day=', toString(day), ' field=', field, ' channel=', toString(channel)) AS key,
    version,
    CAST([
        registered, received, receipt_late, refused, withdrawn, stopped, closed_unreceived, early,
        on_time, late, no_due, returned, uncollected, due, due_met
    ], 'Array(Int64)') AS measures
FROM {database:Identifier}.province_field_days FINAL
