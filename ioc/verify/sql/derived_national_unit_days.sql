-- By authority, whoever received or handles.
CREATE TABLE {scratch:Identifier}.derived_national_unit_days ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    concat(
        'received_day=', toString(received_day), ' late_from=', toString(late_from),
        ' unit=', authority
    ) AS key,
    sum(toUInt128(version)) AS version,
    CAST([sum(n)], 'Array(Int64)') AS measures
FROM (SELECT * FROM {database:Identifier}.national_days FINAL)
GROUP BY received_day, late_from, authority
