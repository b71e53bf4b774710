-- The newest alerts and where they stand, those of one minute, rule, unit and state together: no
-- dossier is named. Workers raise alerts, the alert process says what came of them.
WITH
    {now:Int64} - 7 * 86400 AS since,
    each AS
    (
        SELECT
            alert_id,
            any(rule) AS rule,
            argMax(unit, version) AS unit,
            min(crossed_at) AS crossed,
            argMax(if(state = 'open' AND level > 0, 'escalated', state), version) AS state
        FROM
        (
            SELECT alert_id, toString(rule) AS rule, toString(authority) AS unit, crossed_at,
                digest, '' AS state, 0 AS level, toUInt64(0) AS version
            FROM alert_times
            WHERE crossed_at > since AND crossed_at <= {now:Int64}
            UNION ALL
            SELECT alert_id, toString(rule), toString(unit), crossed_at,
                digest, toString(state), level, version
            FROM alert_states
            WHERE crossed_at > since AND crossed_at <= {now:Int64}
        )
        GROUP BY alert_id
        HAVING max(digest) = 0
    ),
    said AS
    (
        SELECT
            alert_id,
            argMax(toString(cause), made_at) AS cause,
            argMax(expected_on, made_at) AS expected_on
        FROM alert_answers
        WHERE kind = 'explained' AND made_at > fromUnixTimestamp64Milli(since * 1000)
        GROUP BY alert_id
    ),
    grouped AS
    (
        SELECT
            intDiv(crossed, 60) * 60 AS minute,
            rule,
            unit,
            state,
            if(state = 'explained', said.cause, '') AS cause,
            if(cause = '', toDate(0), said.expected_on) AS expected_on,
            count() AS n
        FROM each
        LEFT JOIN said ON said.alert_id = each.alert_id
        GROUP BY minute, rule, unit, state, cause, expected_on
        ORDER BY minute DESC, n DESC, rule, unit, state, cause
        LIMIT {rows:UInt16}
    )
SELECT
    grouped.minute * 1000 AS at,
    grouped.rule AS rule,
    grouped.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    grouped.n AS n,
    grouped.state AS state,
    grouped.cause AS cause,
    if(grouped.expected_on = toDate(0), NULL, grouped.expected_on) AS expected_on,
    grouped.minute > {shift_at:Int64} AND grouped.state IN ('', 'open', 'escalated') AS is_new
FROM grouped
ORDER BY at DESC, n DESC, rule, unit, state, cause
