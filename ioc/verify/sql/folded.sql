-- docs/fold.md, sections 3 and 4: attributes by the last word, and the status of every dossier.
-- NULL = not said, or not (yet) so. Times are epoch seconds.
CREATE TABLE {scratch:Identifier}.folded ENGINE = Memory AS
WITH
    attributes AS
    (
        SELECT
            target,
            shard,
            dossier_id,
            max(payload_count) AS payload_count,
            -- In order: (n, status, time, does it carry received_at).
            arraySort(groupArray((n, status, occurred, received_at IS NOT NULL))) AS steps,
            arraySort(groupArrayIf(
                (n, occurred, leg_number, leg_unit, leg_started_at, leg_due_at, leg_limit_unit, leg_ended_at),
                leg_number > 0
            )) AS leg_steps,
            argMaxIf(receiver, n, receiver IS NOT NULL) AS last_receiver,
            argMaxIf(authority, n, authority IS NOT NULL) AS last_authority,
            argMaxIf(handler, n, handler IS NOT NULL) AS last_handler,
            argMaxIf(procedure, n, procedure IS NOT NULL) AS last_procedure,
            argMaxIf(field, n, field IS NOT NULL) AS last_field,
            argMaxIf(channel, n, channel IS NOT NULL) AS last_channel,
            argMaxIf(registered_at, n, registered_at IS NOT NULL) AS last_registered_at,
            argMaxIf(received_at, n, received_at IS NOT NULL) AS last_received_at,
            argMaxIf(due_at, n, due_at IS NOT NULL) AS promised_at,
            argMinIf(due_at, n, due_at IS NOT NULL) AS first_due_at,
            argMaxIf(limit_unit, n, limit_unit IS NOT NULL) AS last_limit_unit,
            argMaxIf(explicit_due_at, n, explicit_due_at IS NOT NULL) AS explicit_at,
            countIf(apology_at IS NOT NULL) > 0 AS apologised,
            argMax(occurred, n) AS last_event_at,
            argMax(source, n) AS last_source
        FROM {scratch:Identifier}.events
        GROUP BY target, shard, dossier_id
    ),
    statuses AS
    (
        SELECT
            *,
            arrayMap(step -> step.2, steps) AS s,
            arrayMap(step -> step.3, steps) AS t,
            arrayEnumerate(s) AS places,
            arrayExists(step -> step.2 IN (2, 4, 5, 6, 9, 10) OR (step.2 IN (7, 8) AND step.4), steps)
                OR s[1] = 8 AS accepted,
            arrayLastIndex(x -> x IN (2, 4, 5), s) AS k0,
            arrayFirst(i -> i > k0 AND s[i] = 9, places) AS first_9,
            arrayFirst(i -> i > k0 AND s[i] = 10, places) AS first_10,
            if(first_9 > 0, first_9, first_10) AS result_place,
            result_place > 0 AS resolved,
            if(accepted, arrayLastIndex(x -> x IN (2, 4, 5, 6), s), arrayLastIndex(x -> x = 1, s)) AS k,
            if(resolved, 0, arrayFirst(i -> i > k AND s[i] IN (3, 7, 8), places)) AS end_place,
            arrayFirst(i -> s[i] = 1, places) AS first_registered,
            arrayFirst(i -> s[i] IN (2, 4, 5, 6, 9, 10), places) AS first_accepted,
            arrayFirst(i -> s[i] IN (7, 8), places) AS first_7_or_8
        FROM attributes
    ),
    outcomes AS
    (
        SELECT
            *,
            multiIf(
                resolved, 'resolved',
                end_place > 0, transform(s[end_place], [3, 7, 8], ['refused', 'withdrawn', 'stopped'], ''),
                NOT accepted, 'awaiting',
                k > 0 AND s[k] = 5, 'supplement',
                k > 0 AND s[k] = 6, 'payment',
                'processing'
            ) AS phase,
            multiIf(
                first_10 > 0, 10,
                resolved, 9,
                end_place > 0, s[end_place],
                k > 0, s[k],
                accepted, 4,
                1
            ) AS status,
            NOT resolved AND end_place = 0 AS live,
            accepted AND phase != 'refused' AS received,
            -- The events among which pauses are formed (section 5).
            arrayFilter(
                i -> s[i] != 1 AND i <= multiIf(resolved, result_place, end_place > 0, end_place, length(s)),
                places
            ) AS pausing,
            -- Where the status changes among them: each such place begins a run.
            arrayFilter(
                (i, before) -> before = 0 OR s[i] != s[before],
                pausing,
                arraySlice(arrayPushFront(pausing, 0), 1, length(pausing))
            ) AS turns,
            -- (status, start, end or NULL), in order.
            arrayFilter(
                run -> run.1 IN (5, 6),
                arrayMap(
                    (i, next) -> (s[i], t[i], if(next = 0, NULL, t[next])),
                    turns,
                    arraySlice(arrayPushBack(turns, 0), 2)
                )
            ) AS runs
        FROM statuses
    )
SELECT
    target,
    shard,
    dossier_id,
    payload_count,
    phase,
    status,
    live,
    received,
    coalesce(last_receiver, '') AS said_receiver,
    coalesce(last_authority, last_receiver, '') AS said_authority,
    coalesce(last_handler, last_authority, last_receiver, '') AS said_handler,
    coalesce(last_procedure, '') AS procedure,
    coalesce(last_field, '') AS field,
    coalesce(last_channel, 1) AS channel,
    coalesce(last_registered_at, if(first_registered > 0, t[first_registered], NULL)) AS registered_at,
    if(
        received,
        coalesce(last_received_at, t[if(first_accepted > 0, first_accepted, first_7_or_8)]),
        NULL
    ) AS received_at,
    first_due_at,
    promised_at,
    explicit_at,
    coalesce(last_limit_unit, 1) AS limit_unit,
    apologised,
    if(resolved, t[result_place], NULL) AS result_at,
    if(first_10 > 0, t[first_10], NULL) AS returned_at,
    multiIf(resolved, t[result_place], end_place > 0, t[end_place], NULL) AS finished_at,
    runs,
    arrayFilter(run -> run.1 = 5, runs) AS supplement_runs,
    if(notEmpty(runs) AND runs[-1].3 IS NULL, runs[-1].2, NULL) AS paused_since,
    if(
        notEmpty(supplement_runs) AND supplement_runs[-1].3 IS NULL, supplement_runs[-1].2, NULL
    ) AS supplement_open_since,
    if(length(supplement_runs) > 1, supplement_runs[2].2, NULL) AS second_supplement_at,
    leg_steps,
    last_event_at,
    last_source,
    -- The day on which the codes of units are read.
    toInt32(intDiv(coalesce(received_at, registered_at, t[1]) + 25200, 86400)) AS unit_day
FROM outcomes
