-- What the workers said last, by partition of the topic's newest life.
WITH ifNull((SELECT argMax(partitions, (epoch, registered_at)) FROM topic_epochs), 0) AS expected
SELECT
    toString(wanted.partition) AS partition,
    told.worker AS worker,
    if(told.worker = '', NULL, toUnixTimestamp64Milli(told.at)) AS reported_at,
    told.lag AS lag,
    told.events_per_second AS events_per_second,
    told.stalled AS stalled
FROM
(
    SELECT toUInt16(number) AS partition FROM numbers(48) WHERE number < expected
) AS wanted
LEFT JOIN (SELECT * FROM pipeline FINAL) AS told ON told.partition = wanted.partition
ORDER BY wanted.partition
