-- Every column of every dossier that differs; one line for a row that is missing or should not be.
WITH
    facts AS
    (
        SELECT *
        FROM {scratch:Identifier}.facts
        WHERE (shard, target) IN
            (SELECT shard, position FROM {scratch:Identifier}.positions WHERE cells = 'dossiers')
    )
SELECT
    'dossiers' AS cells,
    if(facts.dossier_id = '', stored.shard, facts.shard) AS of_shard,
    if(facts.dossier_id = '', stored.dossier_id, facts.dossier_id) AS key,
    difference.1 AS name,
    difference.2 AS stored_value,
    difference.3 AS recomputed,
    count() OVER (PARTITION BY of_shard) AS total
FROM {scratch:Identifier}.stored_dossiers AS stored
FULL JOIN facts ON facts.shard = stored.shard AND facts.dossier_id = stored.dossier_id
ARRAY JOIN multiIf(
    stored.dossier_id = '', [('row', 'absent', facts.phase)],
    facts.dossier_id = '', [('row', stored.phase, 'absent')],
    arrayFilter(pair -> pair.2 != pair.3, [
        ('phase', toString(stored.phase), toString(facts.phase)),
        ('status', toString(stored.status), toString(facts.status)),
        ('live', toString(stored.live), toString(facts.live)),
        ('received', toString(stored.received), toString(facts.received)),
        ('receiver', toString(stored.receiver), toString(facts.receiver)),
        ('authority', toString(stored.authority), toString(facts.authority)),
        ('handler', toString(stored.handler), toString(facts.handler)),
        ('procedure', toString(stored.procedure), toString(facts.procedure)),
        ('field', toString(stored.field), toString(facts.field)),
        ('channel', toString(stored.channel), toString(facts.channel)),
        ('registered_at', toString(stored.registered_at), toString(facts.registered_at)),
        ('received_at', toString(stored.received_at), toString(facts.received_at)),
        ('first_due_at', toString(stored.first_due_at), toString(facts.first_due_at)),
        ('due_at', toString(stored.due_at), toString(facts.due_at)),
        ('limit_unit', toString(stored.limit_unit), toString(facts.limit_unit)),
        ('explicit', toString(stored.explicit), toString(facts.explicit)),
        ('apologised', toString(stored.apologised), toString(facts.apologised)),
        ('result_at', toString(stored.result_at), toString(facts.result_at)),
        ('returned_at', toString(stored.returned_at), toString(facts.returned_at)),
        ('finished_at', toString(stored.finished_at), toString(facts.finished_at)),
        ('verdict', toString(stored.verdict), toString(facts.verdict)),
        ('receipt_due_at', toString(stored.receipt_due_at), toString(facts.receipt_due_at)),
        ('receipt_late', toString(stored.receipt_late), toString(facts.receipt_late)),
        ('supplement_seconds', toString(stored.supplement_seconds), toString(facts.supplement_seconds)),
        ('payment_seconds', toString(stored.payment_seconds), toString(facts.payment_seconds)),
        ('supplements', toString(stored.supplements), toString(facts.supplements)),
        ('paused_since', toString(stored.paused_since), toString(facts.paused_since)),
        ('alarm_at', toString(stored.alarm_at), toString(facts.alarm_at)),
        ('national_late_from', toString(stored.national_late_from), toString(facts.national_late_from)),
        ('legs', toString(stored.legs), toString(facts.legs)),
        ('last_event_at', toString(stored.last_event_at), toString(facts.last_event_at)),
        ('source', toString(stored.last_source), toString(facts.last_source)),
        ('payload_count', toString(stored.payload_count), toString(facts.payload_count))
    ])
) AS difference
WHERE stored.dossier_id = '' OR facts.dossier_id = ''
    OR stored.phase != facts.phase
    OR stored.status != facts.status
    OR stored.live != facts.live
    OR stored.received != facts.received
    OR stored.receiver != facts.receiver
    OR stored.authority != facts.authority
    OR stored.handler != facts.handler
    OR stored.procedure != facts.procedure
    OR stored.field != facts.field
    OR stored.channel != facts.channel
    OR stored.registered_at != facts.registered_at
    OR stored.received_at != facts.received_at
    OR stored.first_due_at != facts.first_due_at
    OR stored.due_at != facts.due_at
    OR stored.limit_unit != facts.limit_unit
    OR stored.explicit != facts.explicit
    OR stored.apologised != facts.apologised
    OR stored.result_at != facts.result_at
    OR stored.returned_at != facts.returned_at
    OR stored.finished_at != facts.finished_at
    OR stored.verdict != facts.verdict
    OR stored.receipt_due_at != facts.receipt_due_at
    OR stored.receipt_late != facts.receipt_late
    OR stored.supplement_seconds != facts.supplement_seconds
    OR stored.payment_seconds != facts.payment_seconds
    OR stored.supplements != facts.supplements
    OR stored.paused_since != facts.paused_since
    OR stored.alarm_at != facts.alarm_at
    OR stored.national_late_from != facts.national_late_from
    OR stored.legs != facts.legs
    OR stored.last_event_at != facts.last_event_at
    OR stored.last_source != facts.last_source
    OR stored.payload_count != facts.payload_count
ORDER BY of_shard, key, name
LIMIT {limit:UInt32} BY of_shard
