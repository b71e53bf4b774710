-- docs/fold.md, section 5: working seconds of each dossier's closed pauses.
CREATE TABLE {scratch:Identifier}.pauses ENGINE = Memory AS
WITH
    closed AS
    (
        SELECT
            toUInt8(1) AS every,
            target,
            shard,
            dossier_id,
            run.1 AS status,
            run.2 AS began_at,
            assumeNotNull(run.3) AS ended_at
        FROM {scratch:Identifier}.folded
        ARRAY JOIN runs AS run
        WHERE run.3 IS NOT NULL AND run.3 > run.2
    ),
    measured AS
    (
        SELECT
            closed.*,
            from_interval.before + least(closed.began_at, from_interval.end_at)
                - from_interval.start_at AS worked_before,
            to_interval.before + least(closed.ended_at, to_interval.end_at)
                - to_interval.start_at AS worked_after
        FROM closed
        ASOF LEFT JOIN {scratch:Identifier}.intervals AS from_interval
            ON from_interval.every = closed.every AND from_interval.start_at <= closed.began_at
        ASOF LEFT JOIN {scratch:Identifier}.intervals AS to_interval
            ON to_interval.every = closed.every AND to_interval.start_at <= closed.ended_at
    )
SELECT
    target,
    shard,
    dossier_id,
    sumIf(worked_after - worked_before, status = 5) AS supplement_seconds,
    sumIf(worked_after - worked_before, status = 6) AS payment_seconds
FROM measured
GROUP BY target, shard, dossier_id
