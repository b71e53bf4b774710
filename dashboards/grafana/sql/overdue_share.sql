-- The units of the ranking, each with its share; small units say little and are left out.
SELECT ranked.unit AS code, ranked.name AS unit, ranked.share AS value
FROM
(
    {units_overdue:Query}
) AS ranked
WHERE ranked.open >= {minimum:UInt32}
ORDER BY code
