-- Every measure of a derived table that differs from the sum of the cells behind it, with both
-- versions: while they differ the row is about to be written, or was written between the two reads.
WITH compared AS
(
    SELECT
        key,
        {names:Array(String)} AS names,
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
        FROM {scratch:Identifier}.{stored:Identifier}
        UNION ALL
        SELECT key, toUInt128(0), version, emptyArrayInt64(), measures
        FROM {scratch:Identifier}.{derived:Identifier}
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
