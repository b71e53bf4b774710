-- Statutory due times of received dossiers that nobody promised a date (national index rule).
-- working_hours: computed by `sums`. working_days: the n-th working day after the day of receipt.
-- days, months: that day, or the next working day. 0 (working) days: the day of receipt, or the
-- next working day when received after the cut-off or on a day off. Due at the end of work.
CREATE TABLE {scratch:Identifier}.statutory ENGINE = Memory AS
WITH
    limits AS
    (
        SELECT
            folded.target AS target,
            folded.shard AS shard,
            folded.dossier_id AS dossier_id,
            assumeNotNull(folded.received_at) AS received_at,
            toInt32(intDiv(received_at + 25200, 86400)) AS received_day,
            toInt64(procedures.limit_value) AS limit_value,
            toString(procedures.limit_unit) AS limit_unit,
            multiIf(
                limit_unit = 'days', toInt32(received_day + limit_value),
                limit_unit = 'months',
                    toInt32(addMonths(toDate32(received_day), limit_value)),
                received_day
            ) AS base_day
        FROM {scratch:Identifier}.folded AS folded
        INNER JOIN (SELECT * FROM {database:Identifier}.procedures FINAL) AS procedures
            ON procedures.procedure_id = folded.procedure
        WHERE folded.received
            AND folded.promised_at IS NULL
            AND (
                procedures.limit_unit IN ('working_days', 'days')
                OR (procedures.limit_unit = 'months' AND procedures.limit_value > 0)
            )
    ),
    counted AS
    (
        SELECT
            limits.*,
            -- The due day is the working day with this number.
            days.workdays_up_to + multiIf(
                limits.limit_value = 0,
                    days.is_working
                        AND limits.received_at - (toInt64(received_day) * 86400 - 25200)
                            <= {same_day_cutoff_seconds:UInt32} ? 0 : 1,
                limits.limit_unit = 'working_days', limits.limit_value,
                days.is_working, 0,
                1
            ) AS due_workday
        FROM limits
        INNER JOIN {scratch:Identifier}.days AS days ON days.day = limits.base_day
    )
SELECT
    counted.target AS target,
    counted.shard AS shard,
    counted.dossier_id AS dossier_id,
    due_days.ends_at AS due_at,
    toUInt8(0) AS hourly
FROM counted
INNER JOIN (SELECT * FROM {scratch:Identifier}.days WHERE is_working) AS due_days
    ON due_days.workdays_up_to = counted.due_workday
UNION ALL
SELECT target, shard, dossier_id, at, toUInt8(1)
FROM {scratch:Identifier}.limits
WHERE kind = 'statutory'
