-- Which of these alerts were ever a case.
SELECT DISTINCT alert_id FROM alert_cases WHERE alert_id IN {alert_ids:Array(String)}
