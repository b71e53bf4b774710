-- The truth: every accepted event, and the state folded from it.

-- One row per distinct payload. position = epoch << 40 | (offset + 1) of the record that brought it.
CREATE TABLE dossier_events
(
    shard UInt8,
    dossier_id String,
    source LowCardinality(String),
    event_id String,
    content_hash UInt64,
    position UInt64,
    log_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'when Kafka stored the record',
    status UInt8,
    occurred_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    sequence Nullable(UInt64),
    receiver LowCardinality(Nullable(String)),
    authority LowCardinality(Nullable(String)),
    handler LowCardinality(Nullable(String)),
    procedure LowCardinality(Nullable(String)),
    field LowCardinality(Nullable(String)),
    channel Nullable(UInt8),
    registered_at Nullable(Int64) COMMENT 'epoch seconds',
    received_at Nullable(Int64) COMMENT 'epoch seconds',
    due_at Nullable(Int64) COMMENT 'epoch seconds',
    limit_unit Nullable(UInt8) COMMENT '0 working hours, 1 working days, 2 days, 3 months',
    explicit_due_at Nullable(Int64) COMMENT 'epoch seconds; new date by apology or supplement',
    apology_at Nullable(Int64) COMMENT 'epoch seconds',
    leg_number UInt8 COMMENT '0 = the event names no leg',
    leg_unit LowCardinality(Nullable(String)),
    leg_started_at Nullable(Int64),
    leg_due_at Nullable(Int64),
    leg_limit_unit Nullable(UInt8),
    leg_ended_at Nullable(Int64)
)
ENGINE = ReplacingMergeTree
ORDER BY (shard, dossier_id, source, event_id, content_hash);

-- One row per dossier: a snapshot. version = rules version << 32 | number of distinct payloads.
CREATE TABLE dossiers
(
    shard UInt8,
    dossier_id String,
    version UInt64,
    position UInt64 COMMENT 'position of the chunk that stored this row',
    phase Enum8('awaiting' = 1, 'processing' = 2, 'supplement' = 3, 'payment' = 4, 'resolved' = 5,
                'refused' = 6, 'withdrawn' = 7, 'stopped' = 8),
    status UInt8,
    live UInt8,
    received UInt8,
    receiver LowCardinality(String),
    authority LowCardinality(String),
    handler LowCardinality(String),
    procedure LowCardinality(String),
    field LowCardinality(String),
    channel UInt8,
    registered_at Int64 COMMENT 'epoch seconds, 0 = none; so all times below',
    received_at Int64,
    first_due_at Int64,
    due_at Int64 COMMENT 'desk rule: explicit date, or promise shifted by pauses',
    limit_unit UInt8,
    explicit UInt8 COMMENT '1 = due_at is an explicit new date',
    apologised UInt8,
    result_at Int64,
    returned_at Int64,
    finished_at Int64,
    verdict Enum8('' = 0, 'early' = 1, 'on_time' = 2, 'late' = 3, 'no_due' = 4),
    receipt_due_at Int64,
    receipt_late UInt8,
    supplement_seconds Int64 COMMENT 'working seconds',
    payment_seconds Int64 COMMENT 'working seconds',
    supplements UInt16,
    paused_since Int64,
    alarm_at Int64 COMMENT 'first second at which the live file is late',
    national_late_from Date,
    legs Array(Tuple(number UInt8, unit String, started_at Int64, due_at Int64, ended_at Int64,
                     late_from Int64)),
    last_event_at Int64,
    source LowCardinality(String) COMMENT 'of the last event in order',
    backfill UInt8 COMMENT 'reserved',
    history String CODEC(ZSTD(1)) COMMENT 'the distinct events, as the worker reads them back'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (shard, dossier_id)
SETTINGS index_granularity = 1024;

-- How far each shard is complete. Written last, after every row that follows from the events.
CREATE TABLE checkpoints
(
    shard UInt8,
    position UInt64,
    epoch UInt32,
    partition_offset Int64 COMMENT 'last offset whose rows are all stored',
    log_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'broker time of that record: complete up to'
)
ENGINE = ReplacingMergeTree(position)
ORDER BY shard;

-- One row per life of the topic: its id and partition count.
CREATE TABLE topic_epochs
(
    topic String,
    topic_id String,
    partitions UInt16,
    epoch UInt32,
    registered_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(registered_at)
ORDER BY (topic, epoch, topic_id, partitions);
