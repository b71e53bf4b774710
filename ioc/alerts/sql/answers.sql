-- Answers to watched alerts that were stored lately.
SELECT
    alert_id, toString(kind), role, person, toUnixTimestamp64Milli(made_at), cause, note,
    toString(expected_on), answer_id
FROM alert_answers FINAL
WHERE stored_at >= fromUnixTimestamp64Milli({since_ms:Int64})
ORDER BY made_at, answer_id
