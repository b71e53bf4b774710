-- Messages that could not be brought to anybody.
SELECT delivery_id, kind, person, channel, problem, toUnixTimestamp64Milli(changed_at) AS at
FROM alert_deliveries FINAL
WHERE state = 'given_up' AND problem != 'not_true_any_more'
ORDER BY changed_at DESC
LIMIT {rows:UInt32}
