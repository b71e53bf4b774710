-- docs/fold.md, section 5: one row for each dossier, in the columns of the table `dossiers`
-- (0 = none), and with `marks`, its contributions to the cells of days.
CREATE TABLE {scratch:Identifier}.facts ENGINE = Memory AS
WITH
    65535 AS never, -- 2149-06-06
    ((codes, until, said, day) -> if(
        empty(codes), said,
        codes[if(arrayFirstIndex(u -> u > day, until) = 0, length(codes), arrayFirstIndex(u -> u > day, until))]
    )) AS resolve,
    (at -> toInt32(intDiv(at + 25200, 86400))) AS day_of,
    ((due, hourly) -> if(hourly, due + 1, (intDiv(due + 25200, 86400) + 1) * 86400 - 25200)) AS late_from_of,
    leg_lists AS
    (
        SELECT
            target,
            shard,
            dossier_id,
            arraySort(groupArray((number, unit, started_at, due_at, ended_at, late_from))) AS legs
        FROM {scratch:Identifier}.legs
        GROUP BY target, shard, dossier_id
    ),
    dues AS
    (
        SELECT
            folded.target AS target,
            folded.shard AS shard,
            folded.dossier_id AS dossier_id,
            folded.* EXCEPT (target, shard, dossier_id),
            resolve(receivers.codes, receivers.until, toString(folded.said_receiver), folded.unit_day) AS receiver,
            resolve(authorities.codes, authorities.until, toString(folded.said_authority), folded.unit_day) AS authority,
            resolve(handlers.codes, handlers.until, toString(folded.said_handler), folded.unit_day) AS handler,
            folded.limit_unit = 0 AS hourly,
            pauses.supplement_seconds AS supplement_seconds,
            pauses.payment_seconds AS payment_seconds,
            multiIf(
                folded.explicit_at IS NOT NULL, folded.explicit_at,
                folded.promised_at IS NULL, NULL,
                pauses.supplement_seconds + pauses.payment_seconds > 0, desk.at,
                folded.promised_at
            ) AS due,
            late_from_of(due, hourly) AS late_at,
            if(receipt.at = 0, NULL, receipt.at) AS receipt_due,
            folded.promised_at IS NOT NULL ? hourly : statutory.hourly AS national_hourly,
            multiIf(
                NOT folded.received, NULL,
                folded.promised_at IS NULL AND statutory.due_at = 0, NULL,
                pauses.supplement_seconds > 0, national.at,
                coalesce(folded.promised_at, statutory.due_at)
            ) AS national_due,
            late_from_of(national_due, national_hourly) AS national_late_at,
            leg_lists.legs AS legs
        FROM {scratch:Identifier}.folded AS folded
        LEFT JOIN {scratch:Identifier}.unit_chains AS receivers ON receivers.code = folded.said_receiver
        LEFT JOIN {scratch:Identifier}.unit_chains AS authorities ON authorities.code = folded.said_authority
        LEFT JOIN {scratch:Identifier}.unit_chains AS handlers ON handlers.code = folded.said_handler
        LEFT JOIN {scratch:Identifier}.pauses AS pauses
            ON pauses.target = folded.target AND pauses.shard = folded.shard
                AND pauses.dossier_id = folded.dossier_id
        LEFT JOIN (SELECT * FROM {scratch:Identifier}.limits WHERE kind = 'receipt') AS receipt
            ON receipt.target = folded.target AND receipt.shard = folded.shard
                AND receipt.dossier_id = folded.dossier_id
        LEFT JOIN {scratch:Identifier}.statutory AS statutory
            ON statutory.target = folded.target AND statutory.shard = folded.shard
                AND statutory.dossier_id = folded.dossier_id
        LEFT JOIN (SELECT * FROM {scratch:Identifier}.shifts WHERE kind = 'desk') AS desk
            ON desk.target = folded.target AND desk.shard = folded.shard
                AND desk.dossier_id = folded.dossier_id
        LEFT JOIN (SELECT * FROM {scratch:Identifier}.shifts WHERE kind = 'national') AS national
            ON national.target = folded.target AND national.shard = folded.shard
                AND national.dossier_id = folded.dossier_id
        LEFT JOIN leg_lists
            ON leg_lists.target = folded.target AND leg_lists.shard = folded.shard
                AND leg_lists.dossier_id = folded.dossier_id
    ),
    verdicts AS
    (
        SELECT
            *,
            multiIf(
                phase != 'resolved', '',
                due IS NULL, 'no_due',
                day_of(result_at) < day_of(due), 'early',
                result_at >= late_at, 'late',
                'on_time'
            ) AS verdict,
            multiIf(received, received_at, phase = 'refused', finished_at, NULL) AS answered_at,
            coalesce(answered_at > receipt_due, 0) AS receipt_late,
            multiIf(
                NOT live, NULL,
                phase = 'awaiting', receipt_due + 1,
                due IS NULL, NULL,
                explicit_at IS NOT NULL, late_at,
                paused_since IS NOT NULL, if(paused_since >= late_at, late_at, NULL),
                late_at
            ) AS alarm,
            multiIf(
                national_due IS NULL, never,
                live AND supplement_open_since IS NOT NULL,
                    if(supplement_open_since >= national_late_at, day_of(national_late_at), never),
                NOT live, if(finished_at >= national_late_at, day_of(national_late_at), never),
                day_of(national_late_at)
            ) AS national_by_due,
            if(
                received AND live AND second_supplement_at IS NOT NULL,
                least(national_by_due, day_of(second_supplement_at)),
                national_by_due
            ) AS national_day
        FROM dues
    )
SELECT
    target,
    shard,
    dossier_id,
    payload_count,
    phase,
    toUInt8(status) AS status,
    live,
    received,
    receiver,
    authority,
    handler,
    toString(procedure) AS procedure,
    toString(field) AS field,
    channel,
    coalesce(registered_at, 0) AS registered_at,
    coalesce(received_at, 0) AS received_at,
    coalesce(first_due_at, 0) AS first_due_at,
    coalesce(due, 0) AS due_at,
    limit_unit,
    explicit_at IS NOT NULL AS explicit,
    apologised,
    coalesce(result_at, 0) AS result_at,
    coalesce(returned_at, 0) AS returned_at,
    coalesce(finished_at, 0) AS finished_at,
    verdict,
    coalesce(receipt_due, 0) AS receipt_due_at,
    receipt_late,
    supplement_seconds,
    payment_seconds,
    length(supplement_runs) AS supplements,
    coalesce(paused_since, 0) AS paused_since,
    coalesce(alarm, 0) AS alarm_at,
    toDate(toUInt16(national_day)) AS national_late_from,
    legs,
    last_event_at,
    last_source,
    intDiv(coalesce(alarm, 0) + 59, 60) * 60 AS alarm_minute,
    arrayFilter(mark -> mark.1 IS NOT NULL AND mark.2 != '', [
        (day_of(verdicts.registered_at), 'registered'),
        (if(receipt_late, day_of(verdicts.registered_at), NULL), 'receipt_late'),
        (day_of(verdicts.received_at), 'received'),
        (if(channel = 2, day_of(verdicts.received_at), NULL), 'received_online'),
        (
            day_of(verdicts.finished_at),
            multiIf(
                phase = 'refused', 'refused',
                phase NOT IN ('withdrawn', 'stopped'), '',
                received, phase,
                'closed_unreceived'
            )
        ),
        (day_of(verdicts.result_at), verdict),
        (day_of(verdicts.returned_at), 'returned'),
        (if(verdicts.returned_at IS NULL, day_of(verdicts.result_at), NULL), 'uncollected'),
        (if(received, day_of(due), NULL), 'due'),
        (if(received AND verdict IN ('early', 'on_time'), day_of(due), NULL), 'due_met')
    ]) AS marks
FROM verdicts
