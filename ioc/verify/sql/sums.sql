-- Working time added to instants: `at` is the smallest time with that many working seconds
-- between `from_at` and it. One row for each row of `to_add` with `seconds` > 0.
CREATE TABLE {scratch:Identifier}.{sums:Identifier} ENGINE = Memory AS
WITH
    targets AS
    (
        SELECT
            to_add.every AS every,
            to_add.target AS target,
            to_add.shard AS shard,
            to_add.dossier_id AS dossier_id,
            to_add.kind AS kind,
            intervals.before + least(to_add.from_at, intervals.end_at) - intervals.start_at
                + to_add.seconds AS worked
        FROM {scratch:Identifier}.{to_add:Identifier} AS to_add
        ASOF LEFT JOIN {scratch:Identifier}.intervals AS intervals
            ON intervals.every = to_add.every AND intervals.start_at <= to_add.from_at
        WHERE to_add.seconds > 0
    )
SELECT
    targets.target AS target,
    targets.shard AS shard,
    targets.dossier_id AS dossier_id,
    targets.kind AS kind,
    intervals.start_at + targets.worked - intervals.before AS at
FROM targets
ASOF INNER JOIN {scratch:Identifier}.intervals AS intervals
    ON intervals.every = targets.every AND intervals.before < targets.worked
