-- Every alert that is open: whichever is on no board was overlooked.
SELECT shard, alert_id
FROM alert_cases FINAL
WHERE state IN ('open', 'acknowledged', 'explained')
