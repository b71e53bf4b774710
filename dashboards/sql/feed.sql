-- The newest alerts and where they stand, those of one minute, rule, unit and state together: no
-- dossier is named. Workers raise alerts, the alert process says what came of them, people answer.
-- Of a week's alerts only the minutes of the newest thousand are grouped.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of
SELECT
    minute * 1000 AS at,
    rule,
    unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    n,
    state,
    cause,
    if(expected_on = toDate(0), NULL, expected_on) AS expected_on,
    minute > {shift_at:Int64} AND state IN ('', 'open', 'escalated') AS is_new
FROM
(
    SELECT intDiv(crossed, 60) * 60 AS minute, rule, heir_of(code) AS unit, state, cause,
        expected_on, count() AS n
    FROM
    (
        SELECT
            max(rule) AS rule,
            argMax(unit, version) AS code,
            minIf(crossed_at, version > 0) AS crossed,
            argMax(state, version) AS state,
            if(state = 'explained', argMax(cause, said_at), '') AS cause,
            if(state = 'explained', argMax(expected_on, said_at), toDate(0)) AS expected_on
        FROM
        (
            SELECT alert_id, toString(rule) AS rule, toString(authority) AS unit, crossed_at,
                digest, '' AS state, toUInt64(1) AS version, '' AS cause,
                toDate(0) AS expected_on, 0 AS said_at
            FROM alert_times
            UNION ALL
            SELECT alert_id, toString(rule), toString(unit), crossed_at,
                digest, if(state = 'open' AND level > 0, 'escalated', toString(state)), version, '',
                toDate(0), 0
            FROM alert_states
            UNION ALL
            SELECT alert_id, '', '', toInt64(toUnixTimestamp(made_at)),
                0, '', 0, toString(cause),
                expected_on, toUnixTimestamp64Milli(made_at)
            FROM alert_answers
            WHERE kind = 'explained'
        )
        -- Once for all three: a value that a query finds is analysed wherever it stands.
        WHERE crossed_at <= {now:Int64} AND crossed_at > greatest(
            {now:Int64} - 7 * 86400,
            intDiv(ifNull((
                SELECT crossed_at
                FROM alert_times
                WHERE crossed_at > {now:Int64} - 7 * 86400 AND crossed_at <= {now:Int64}
                    AND digest = 0
                ORDER BY crossed_at DESC
                LIMIT 1 OFFSET 999
            ), 0), 60) * 60 - 1)
        GROUP BY alert_id
        HAVING max(digest) = 0 AND rule != ''
    )
    GROUP BY minute, rule, unit, state, cause, expected_on
    ORDER BY minute DESC, n DESC, rule, unit, state, cause
    LIMIT {rows:UInt16}
)
ORDER BY at DESC, n DESC, rule, unit, state, cause
