-- Records that came lately: version 1 is what the topic brought. Most of them are known already. With
-- the clock that stamped them: the next look begins where this one did.
SELECT toUnixTimestamp64Milli(now64(3)), groupArray((shard, alert_id))
FROM alert_cases
WHERE version = 1 AND stored_at >= fromUnixTimestamp64Milli({since_ms:Int64})
