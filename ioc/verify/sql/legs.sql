-- docs/fold.md, section 5, legs: one row for each leg number that a dossier's events name.
-- 0 = none, as in the tables.
CREATE TABLE {scratch:Identifier}.legs ENGINE = Memory AS
WITH
    ((codes, until, said, day) -> if(
        empty(codes), said,
        codes[if(arrayFirstIndex(u -> u > day, until) = 0, length(codes), arrayFirstIndex(u -> u > day, until))]
    )) AS resolve,
    ((due, hourly) -> if(hourly, due + 1, (intDiv(due + 25200, 86400) + 1) * 86400 - 25200)) AS late_from_of,
    said AS
    (
        SELECT
            target,
            shard,
            dossier_id,
            step.3 AS number,
            any(field) AS field,
            any(live AND received) AS in_process,
            any(unit_day) AS unit_day,
            any(finished_at) AS finished_at,
            coalesce(argMaxIf(step.4, step.1, step.4 IS NOT NULL), '') AS unit,
            coalesce(argMaxIf(step.5, step.1, step.5 IS NOT NULL), argMin(step.2, step.1)) AS started_at,
            argMaxIf(step.6, step.1, step.6 IS NOT NULL) AS due_at,
            coalesce(argMaxIf(step.7, step.1, step.7 IS NOT NULL), 1) = 0 AS hourly,
            argMaxIf(step.8, step.1, step.8 IS NOT NULL) AS said_ended_at
        FROM {scratch:Identifier}.folded
        ARRAY JOIN leg_steps AS step
        GROUP BY target, shard, dossier_id, number
    ),
    timed AS
    (
        SELECT
            *,
            leadInFrame(toNullable(started_at)) OVER (
                PARTITION BY target, shard, dossier_id ORDER BY number
                ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
            ) AS next_started_at
        FROM said
    )
SELECT
    timed.target AS target,
    timed.shard AS shard,
    timed.dossier_id AS dossier_id,
    timed.number AS number,
    timed.field AS field,
    timed.in_process AS in_process,
    resolve(chains.codes, chains.until, toString(timed.unit), timed.unit_day) AS unit,
    timed.started_at AS started_at,
    coalesce(timed.due_at, 0) AS due_at,
    coalesce(timed.said_ended_at, timed.next_started_at, timed.finished_at, 0) AS ended_at,
    if(timed.due_at IS NULL, 0, late_from_of(coalesce(timed.due_at, 0), timed.hourly)) AS late_from
FROM timed
LEFT JOIN {scratch:Identifier}.unit_chains AS chains ON chains.code = timed.unit
