-- Read before the cells from which these rows are derived.
CREATE TABLE {scratch:Identifier}.stored_national_unit_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat(
        'received_day=', toString(received_day), ' late_from=', toString(late_from), ' unit=', unit
    ) AS key,
    version,
    CAST([n], 'Array(Int64)') AS measures
FROM {database:Identifier}.national_unit_days FINAL
