-- What was said to some alerts, in the order in which it was said.
SELECT
    alert_id, toString(kind), role, person, toUnixTimestamp64Milli(made_at), cause, note,
    toString(expected_on), answer_id
FROM alert_answers FINAL
WHERE alert_id IN {alert_ids:Array(String)}
ORDER BY made_at, answer_id
