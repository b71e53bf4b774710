-- Seconds since the workers' last word; before the first topic there is nothing to wait for.
SELECT if(partitions = 0, 0, {now:Int64} - intDiv(toInt64(reported_at), 1000)) AS value
FROM
(
    {pipeline:Query}
)
