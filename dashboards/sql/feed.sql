-- The newest alerts, those of one unit, rule and minute together: no dossier is named.
WITH known AS (SELECT code, name FROM units FINAL)
SELECT
    each.minute * 1000 AS at,
    each.rule AS rule,
    each.authority AS unit,
    if(known.name = '', each.authority, known.name) AS name,
    each.n AS n,
    each.minute > {shift_at:Int64} AS is_new
FROM
(
    SELECT intDiv(crossed_at, 60) * 60 AS minute, toString(rule) AS rule,
        toString(authority) AS authority, count() AS n
    FROM alert_times FINAL
    WHERE crossed_at > {now:Int64} - 7 * 86400 AND crossed_at <= {now:Int64} AND digest = 0
    GROUP BY minute, rule, authority
    ORDER BY minute DESC, n DESC, rule, authority
    LIMIT {rows:UInt16}
) AS each
LEFT JOIN known ON known.code = each.authority
ORDER BY at DESC, n DESC, rule, unit
