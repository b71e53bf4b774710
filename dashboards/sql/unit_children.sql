-- The units below the chosen one (of all provinces of the period, when none is chosen), each with
-- everything below it, by the hierarchy that was valid in the period. The chosen unit's own
-- dossiers, and those of codes that nobody knows, stand in rows of their own.
WITH belongs AS
(
    SELECT
        mine.code AS unit,
        if({unit:String} = '', mine.level = 'province', mine.code = {unit:String}) AS is_top,
        if({unit:String} = '', above.level = 'province', above.code = {unit:String}) AS is_below,
        if({unit:String} = '', upper.level = 'province', upper.code = {unit:String}) AS is_deep,
        multiIf(is_top OR is_below, mine.code, is_deep, above.code, '') AS child,
        if(is_top OR is_below, mine.name, above.name) AS name,
        if(is_top OR is_below, mine.level, above.level) AS level
    FROM
    (
        SELECT code, name, level, parent FROM units FINAL
        WHERE valid_from <= {to_day:Date} AND valid_to > {from_day:Date}
    ) AS mine
    LEFT JOIN (SELECT code, name, level, parent FROM units FINAL) AS above
        ON above.code = mine.parent
    LEFT JOIN (SELECT code, level FROM units FINAL) AS upper ON upper.code = above.parent
)
SELECT
    if(belongs.unit = '' AND {unit:String} = '', figures.unit, belongs.child) AS unit,
    if(belongs.unit = '', figures.unit, belongs.name) AS name,
    belongs.level AS level,
    sum(figures.received) AS received,
    sum(figures.in_time) AS in_time,
    sum(figures.decided) AS decided,
    if(decided = 0, NULL, in_time / decided) AS share,
    if(decided = 0, NULL, greatest(0, (share + 1.9208 / decided
        - 1.96 * sqrt(share * (1 - share) / decided + 0.9604 / (decided * decided)))
        / (1 + 3.8416 / decided))) AS low,
    if(decided = 0, NULL, least(1, (share + 1.9208 / decided
        + 1.96 * sqrt(share * (1 - share) / decided + 0.9604 / (decided * decided)))
        / (1 + 3.8416 / decided))) AS high,
    sum(figures.open) AS open,
    sum(figures.overdue) AS overdue,
    sum(figures.overdue_new) AS overdue_new
FROM
(
    SELECT
        toString(days.unit) AS unit,
        sum(days.received) AS received,
        sum(days.early + days.on_time) AS in_time,
        sum(days.early + days.on_time + days.late) AS decided,
        0 AS open,
        0 AS overdue,
        0 AS overdue_new
    FROM field_days AS days FINAL
    WHERE days.field = if({field:String} = '', '*', {field:String})
        AND days.channel = {channel:UInt8} AND days.day BETWEEN {from_day:Date} AND {to_day:Date}
    GROUP BY unit
    UNION ALL
    SELECT
        toString(authority) AS unit,
        0,
        0,
        0,
        sum(n),
        sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}),
        sumIf(n, alarm_minute > {shift_at:Int64} AND alarm_minute <= {now:Int64})
    FROM open_cells
    WHERE phase != 'awaiting' AND ({field:String} = '' OR field = {field:String})
        AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
    GROUP BY unit
) AS figures
LEFT JOIN belongs ON belongs.unit = figures.unit
WHERE (belongs.child != '' OR belongs.unit = '' AND {unit:String} = '')
    AND ({level:String} = '' OR belongs.level = {level:String})
GROUP BY unit, name, level
HAVING received + decided + open > 0
ORDER BY decided < {minimum:UInt32}, high, overdue DESC, name, unit
LIMIT 200
