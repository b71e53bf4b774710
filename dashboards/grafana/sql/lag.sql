-- Events that Kafka has and the warehouse has not.
SELECT toInt64(lag) AS value
FROM
(
    {pipeline:Query}
)
