-- The alerts that a message told a person.
SELECT arrayDistinct(arrayFlatten(groupArray(alert_ids)))
FROM alert_deliveries FINAL
WHERE notice_id = {notice_id:String} AND person = {person:String}
