-- Messages that have still to be sent, or that may have been.
SELECT
    delivery_id, notice_id, kind, person, role, unit, channel, toString(state), repeat, attempts,
    toUnixTimestamp64Milli(due_at), toUnixTimestamp64Milli(planned_at), next_at, alert_ids, rounds, content, version
FROM alert_deliveries FINAL
WHERE state IN ('planned', 'sending', 'waiting')
    AND changed_at >= fromUnixTimestamp64Milli({since_ms:Int64})
ORDER BY due_at, delivery_id
