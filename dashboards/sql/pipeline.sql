-- How far the figures are complete. Partitions are those of the topic's newest epoch. Rows of
-- partitions that an older life of the topic had are not read.
--
-- A partition whose worker says that nothing waits is complete up to the moment of that word: the
-- record it read last may be hours old in a quiet night. One that lags is complete up to the
-- newest record that is stored with everything that follows from it.
WITH
    -- A count of partitions divides 48.
    ifNull((SELECT argMax(partitions, (epoch, registered_at)) FROM topic_epochs), 0) AS expected,
    stored AS
    (
        SELECT shard % greatest(expected, 1) AS partition, max(shard_log_ms) AS log_ms
        FROM
        (
            SELECT shard, toUnixTimestamp64Milli(argMax(log_at, position)) AS shard_log_ms
            FROM checkpoints
            GROUP BY shard
        )
        GROUP BY partition
    ),
    told AS
    (
        SELECT
            partition,
            toUnixTimestamp64Milli(at) AS at_ms,
            lag,
            highwater,
            events_per_second,
            stalled
        FROM pipeline FINAL
    ),
    each AS
    (
        SELECT
            told.at_ms AS at_ms,
            told.lag AS lag,
            told.events_per_second AS events_per_second,
            told.stalled AS stalled,
            multiIf(told.at_ms = 0, stored.log_ms,
                    told.lag = 0 AND (told.highwater > 0 OR stored.log_ms = 0), told.at_ms,
                    stored.log_ms) AS complete_ms
        FROM
        (
            SELECT toUInt16(number) AS partition FROM numbers(48) WHERE number < expected
        ) AS wanted
        LEFT JOIN told ON told.partition = wanted.partition
        LEFT JOIN stored ON stored.partition = wanted.partition
    )
SELECT
    expected AS partitions,
    countIf(at_ms > 0) AS reporting,
    min(at_ms) AS reported_at,
    min(complete_ms) AS complete_up_to,
    sum(lag) AS lag,
    sum(events_per_second) AS events_per_second,
    countIf(stalled = 1) AS stalled
FROM each
