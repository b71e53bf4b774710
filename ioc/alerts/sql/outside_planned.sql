-- Messages about another system's alerts that were put into the ledger lately, without contents.
SELECT delivery_id
FROM alert_deliveries FINAL
WHERE state = 'planned' AND kind = 'technician'
    AND changed_at >= fromUnixTimestamp64Milli({since_ms:Int64})
