-- docs/fold.md, sections 1 and 2: the events that count, each with its place `n` in the order.
-- One copy of a dossier for each position at which some table is checked (`target`).
-- Not FINAL: a payload that was brought twice has two rows until they merge, and counts from the
-- first of them on.
CREATE TABLE {scratch:Identifier}.events ENGINE = Memory AS
WITH
    -- A payload once, whatever the number of its copies.
    payloads AS
    (
        SELECT targets.position AS target, stored.*
        FROM {database:Identifier}.dossier_events AS stored
        INNER JOIN {scratch:Identifier}.targets AS targets ON targets.shard = stored.shard
        WHERE stored.shard IN {shards:Array(UInt8)}
            AND stored.position <= targets.position
            AND stored.occurred_at <= stored.log_at + INTERVAL 24 HOUR
        LIMIT 1 BY target, shard, dossier_id, source, event_id, content_hash
    ),
    -- Of two payloads under one identity the larger hash counts.
    identities AS
    (
        SELECT
            *,
            count() OVER (PARTITION BY target, shard, dossier_id) AS payload_count,
            row_number() OVER (
                PARTITION BY target, shard, dossier_id, source, event_id ORDER BY content_hash DESC
            ) AS place
        FROM payloads
    ),
    -- A source's clock may not move an event before one that it sent earlier.
    timed AS
    (
        SELECT
            *,
            toUnixTimestamp64Milli(occurred_at) AS occurred_ms,
            ifNull(toInt64(sequence), -1) AS sequence_or_none,
            if(
                sequence_or_none < 0,
                occurred_ms,
                max(occurred_ms) OVER (
                    PARTITION BY target, shard, dossier_id, source, sequence_or_none < 0
                    ORDER BY sequence_or_none, occurred_ms, event_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
                )
            ) AS effective_ms
        FROM identities
        WHERE place = 1
    )
SELECT
    *,
    row_number() OVER (
        PARTITION BY target, shard, dossier_id
        ORDER BY effective_ms, source, sequence_or_none, occurred_ms, event_id
    ) AS n,
    toInt64(floor(occurred_ms / 1000)) AS occurred
FROM timed
