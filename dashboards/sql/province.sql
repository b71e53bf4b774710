-- The province of the period's last day, or of today while the period runs.
SELECT code, name
FROM units FINAL
WHERE level = 'province' AND valid_from <= {units_on:Date} AND valid_to > {units_on:Date}
ORDER BY code
LIMIT 1
