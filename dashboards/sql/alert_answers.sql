-- Alerts of a unit and everything below it with what was said to them: those that nobody answered
-- first, those that are over last. Near deadlines are not among them.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of,
    {now:Int64} - 30 * 86400 AS since,
    chosen AS
    (
        WITH arrayLast((each, day) -> day <= {today:Date}, units, since) AS heir
        SELECT code
        FROM unit_heirs
        WHERE ({unit:String} = '' OR has(joinGet('unit_labels', 'line', heir), {unit:String}))
            AND ({level:String} = '' OR joinGet('unit_labels', 'level', heir) = {level:String})
    ),
    said AS
    (
        SELECT
            alert_id,
            argMax(toString(cause), made_at) AS cause,
            argMax(expected_on, made_at) AS expected_on,
            argMax(role, made_at) AS role,
            max(made_at) AS said_at
        FROM alert_answers
        WHERE made_at > fromUnixTimestamp64Milli(since * 1000)
        GROUP BY alert_id
    ),
    cases AS
    (
        SELECT
            crossed_at, alert_id, toString(rule) AS rule, dossier_id, toString(unit) AS unit,
            if(state = 'open' AND level > 0, 'escalated', toString(state)) AS state,
            indexOf(['resolved', 'withdrawn'], state) > 0 AS is_over,
            indexOf(['escalated', 'open', 'acknowledged', 'explained'], state) AS urgency
        FROM alert_states FINAL
        PREWHERE crossed_at > since AND crossed_at <= {now:Int64} AND rule != 'due_soon'
        WHERE digest = 0
            AND (({unit:String} = '' AND {level:String} = '') OR unit IN chosen)
            AND ({field:String} = '' OR field = {field:String})
        ORDER BY is_over, urgency, crossed_at DESC, alert_id
        LIMIT 4 * {rows:UInt16}
    )
SELECT
    cases.dossier_id AS dossier,
    heir_of(cases.unit) AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    cases.crossed_at * 1000 AS at,
    cases.rule AS rule,
    cases.state AS state,
    toString(said.role) AS role,
    said.cause AS cause,
    if(said.expected_on = toDate(0), NULL, said.expected_on) AS expected_on,
    cases.crossed_at > {shift_at:Int64} AND cases.state IN ('open', 'escalated') AS is_new
FROM cases
LEFT JOIN said ON said.alert_id = cases.alert_id
ORDER BY cases.is_over, cases.urgency, at DESC, cases.alert_id
