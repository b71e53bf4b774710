-- One dossier, by its key: its events, pauses, apologies and legs, in order. The only query that
-- reads the audit log.
WITH toUInt8(kafkaMurmurHash({dossier:String}) % 48) AS home
SELECT
    tupleElement(line, 1) AS at,
    tupleElement(line, 2) AS until,
    tupleElement(line, 3) AS what,
    tupleElement(line, 4) AS status,
    tupleElement(line, 5) AS leg,
    lines.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', lines.unit), lines.unit) AS name
FROM
(
    SELECT line, tupleElement(line, 6) AS unit
    FROM
    (
        SELECT
            toUnixTimestamp64Milli(occurred_at) AS at_ms,
            leadInFrame(toNullable(toUnixTimestamp64Milli(occurred_at))) OVER (
                ORDER BY occurred_at, event_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS next_ms,
            status IN (5, 6) AS pauses,
            [
                (at_ms, if(pauses, next_ms, NULL), if(pauses, 'pause', 'event'), toString(status),
                 '', toString(coalesce(handler, authority, receiver, '')), 1),
                (toInt64(ifNull(apology_at, 0)) * 1000,
                 if(explicit_due_at IS NULL, NULL, explicit_due_at * 1000), 'apology', '',
                 '', toString(coalesce(authority, handler, '')), 2)
            ] AS both
        FROM dossier_events FINAL
        PREWHERE shard = home AND dossier_id = {dossier:String}
    )
    ARRAY JOIN arrayFilter(each -> each.1 > 0, both) AS line
    UNION ALL
    SELECT line, tupleElement(line, 6) AS unit
    FROM dossiers FINAL
    ARRAY JOIN arrayConcat(
        arrayMap(
            leg -> (
                tupleElement(leg, 'started_at') * 1000,
                if(tupleElement(leg, 'ended_at') = 0, NULL, tupleElement(leg, 'ended_at') * 1000),
                if(tupleElement(leg, 'late_from') > 0 AND tupleElement(leg, 'late_from')
                       <= if(tupleElement(leg, 'ended_at') = 0, {now:Int64},
                             tupleElement(leg, 'ended_at')), 'leg_late', 'leg'),
                '', toString(tupleElement(leg, 'number')), tupleElement(leg, 'unit'), 3),
            legs),
        if(first_due_at = 0, [], [(first_due_at * 1000, NULL, 'promised', '', '', '', 4)]),
        if(due_at IN (0, first_due_at), [], [(due_at * 1000, NULL, 'due', '', '', '', 5)])
    ) AS line
    PREWHERE shard = home AND dossier_id = {dossier:String}
) AS lines
ORDER BY at, tupleElement(line, 7), status, leg
