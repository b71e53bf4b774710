-- How the dossiers of the period were handed in.
SELECT
    toString(days.channel) AS channel,
    sum(days.received) AS received,
    if(sum(received) OVER () = 0, NULL, received / sum(received) OVER ()) AS share
FROM province_field_days AS days FINAL
PREWHERE days.field = '*' AND days.channel > 0
    AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
GROUP BY days.channel
HAVING received > 0
ORDER BY received DESC, channel
