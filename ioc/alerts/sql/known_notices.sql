-- Which of these messages stand in the ledger.
SELECT DISTINCT notice_id FROM alert_deliveries WHERE notice_id IN {notice_ids:Array(String)}
