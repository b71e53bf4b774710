-- The audit log's shape (migration 0001) with the names that events have in JSON, so that
-- ClickHouse parses them by itself: ISO times, nested apology and leg.
CREATE TABLE raw_events
(
    shard UInt8 DEFAULT bitAnd(kafkaMurmurHash(dossier_id), 0x7fffffff) % 48,
    dossier_id String,
    source LowCardinality(String),
    event_id String,
    content_hash UInt64,
    position UInt64,
    log_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    status UInt8,
    occurred_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    sequence Nullable(UInt64),
    receiver LowCardinality(Nullable(String)),
    authority LowCardinality(Nullable(String)),
    handler LowCardinality(Nullable(String)),
    procedure LowCardinality(Nullable(String)),
    field LowCardinality(Nullable(String)),
    channel Nullable(UInt8),
    registered_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
    received_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
    due_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
    limit_unit LowCardinality(Nullable(String)),
    supplement_due_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
    apology Tuple(
        issued_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
        new_due_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh'))
    ),
    leg Tuple(
        number UInt8,
        unit Nullable(String),
        started_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
        due_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh')),
        limit_unit Nullable(String),
        ended_at Nullable(DateTime64(0, 'Asia/Ho_Chi_Minh'))
    )
)
ENGINE = ReplacingMergeTree
ORDER BY (shard, dossier_id, source, event_id, content_hash)
