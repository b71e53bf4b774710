-- Units of the period's last day and of the moment of looking, by level and name, and codes that no
-- reference data knows: a link from a row must find its unit here.
SELECT value, text
FROM
(
    SELECT {all:String} AS value, {all_text:String} AS text, 0 AS place
    UNION ALL
    SELECT
        mine.code,
        if(above.level = 'district', concat(mine.name, ' · ', above.name), mine.name),
        1 + indexOf(['province', 'department', 'district', 'commune'], mine.level)
    FROM (SELECT code, name, level, parent, valid_from, valid_to FROM units FINAL) AS mine
    LEFT JOIN (SELECT code, name, level FROM units FINAL) AS above ON above.code = mine.parent
    WHERE mine.valid_from <= {units_on:Date} AND mine.valid_to > {units_on:Date}
        OR mine.valid_from <= {today:Date} AND mine.valid_to > {today:Date}
    UNION ALL
    SELECT DISTINCT toString(unit), toString(unit), 9
    FROM unit_days
    WHERE unit NOT IN (SELECT code FROM units)
)
ORDER BY place, text, value
