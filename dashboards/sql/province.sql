-- The province whose units are valid on the period's last day.
SELECT code, name
FROM units FINAL
WHERE level = 'province' AND valid_from <= {to_day:Date} AND valid_to > {to_day:Date}
ORDER BY code
LIMIT 1
