-- One dossier, by its key: its events, pauses, apologies and legs, in order. The only query that
-- reads the audit log.
WITH
    toUInt8(kafkaMurmurHash({dossier:String}) % 48) AS home,
    events AS
    (
        SELECT status, occurred_at, handler, authority, receiver, explicit_due_at, apology_at,
            toUnixTimestamp64Milli(occurred_at) AS at_ms,
            leadInFrame(toNullable(toUnixTimestamp64Milli(occurred_at))) OVER (
                ORDER BY occurred_at, event_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS next_ms
        FROM dossier_events FINAL
        WHERE shard = home AND dossier_id = {dossier:String}
    ),
    folded AS
    (
        SELECT legs, first_due_at, due_at, explicit, paused_since, alarm_at, result_at, returned_at
        FROM dossiers FINAL
        WHERE shard = home AND dossier_id = {dossier:String}
    ),
    lines AS
    (
        SELECT at_ms AS at, if(status IN (5, 6), next_ms, NULL) AS until,
            if(status IN (5, 6), 'pause', 'event') AS what, toString(status) AS status, '' AS leg,
            coalesce(handler, authority, receiver, '') AS unit, 1 AS rank
        FROM events
        UNION ALL
        SELECT apology_at * 1000, if(explicit_due_at IS NULL, NULL, explicit_due_at * 1000),
            'apology', '', '', coalesce(authority, handler, ''), 2
        FROM events WHERE apology_at IS NOT NULL
        UNION ALL
        SELECT leg.started_at * 1000, if(leg.ended_at = 0, NULL, leg.ended_at * 1000),
            multiIf(leg.ended_at = 0 AND leg.late_from > 0 AND leg.late_from <= {now:Int64}
                    OR leg.late_from > 0 AND leg.ended_at >= leg.late_from, 'leg_late', 'leg'),
            '', toString(leg.number), leg.unit, 3
        FROM folded ARRAY JOIN legs AS leg
        UNION ALL
        SELECT first_due_at * 1000, NULL, 'promised', '', '', '', 4 FROM folded WHERE first_due_at > 0
        UNION ALL
        SELECT due_at * 1000, NULL, 'due', '', '', '', 5
        FROM folded WHERE due_at > 0 AND due_at != first_due_at
    ),
    known AS (SELECT code, name FROM units FINAL)
SELECT
    toInt64(lines.at) AS at,
    lines.until AS until,
    lines.what AS what,
    lines.status AS status,
    lines.leg AS leg,
    toString(lines.unit) AS unit,
    if(known.name = '', toString(lines.unit), known.name) AS name
FROM lines
LEFT JOIN known ON known.code = lines.unit
ORDER BY at, lines.rank, status
