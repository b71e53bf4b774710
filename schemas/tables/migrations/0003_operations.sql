-- Alerts, dead letters, state of the pipeline, and the reference data that queries need.

CREATE TABLE alerts
(
    alert_id String,
    rule LowCardinality(String) COMMENT 'receipt_overdue, due_soon, overdue, leg_overdue',
    dossier_id String,
    shard UInt8,
    about_at Int64 COMMENT 'the due time that it is about, epoch seconds',
    crossed_at Int64 COMMENT 'epoch seconds',
    raised_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'when the worker raised it',
    receiver LowCardinality(String),
    authority LowCardinality(String),
    handler LowCardinality(String),
    leg UInt8,
    digest UInt8 COMMENT '1 = long overdue when first seen: for a digest, nobody is told one by one'
)
ENGINE = ReplacingMergeTree(raised_at)
ORDER BY (shard, alert_id);

CREATE TABLE dead_letters
(
    letter_id String COMMENT 'topic/partition/offset of the record, found again by a re-drive',
    topic LowCardinality(String),
    partition UInt16,
    source_offset Int64,
    log_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    source LowCardinality(String),
    code LowCardinality(String),
    reason String,
    sealed String COMMENT 'key and value of the record, encrypted',
    state Enum8('open' = 1, 'redriven' = 2, 'dropped' = 3),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY letter_id;

CREATE TABLE pipeline
(
    partition UInt16,
    worker String,
    at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    consumed_offset Int64,
    highwater Int64,
    lag Int64,
    events_per_second Float32,
    log_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'broker time of the last stored record',
    stalled UInt8
)
ENGINE = ReplacingMergeTree(at)
ORDER BY partition;

CREATE TABLE sources
(
    source LowCardinality(String),
    shard UInt8,
    last_log_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    last_occurred_at DateTime64(3, 'Asia/Ho_Chi_Minh')
)
ENGINE = ReplacingMergeTree(last_log_at)
ORDER BY (source, shard);

CREATE TABLE working_intervals
(
    calendar_version UInt64,
    start_at Int64,
    end_at Int64
)
ENGINE = ReplacingMergeTree
ORDER BY (calendar_version, start_at);

CREATE TABLE units
(
    code String,
    official_code String,
    name String,
    level LowCardinality(String),
    kind LowCardinality(String),
    parent String,
    valid_from Date,
    valid_to Date COMMENT 'first day on which it is no longer valid; 2149-06-06 = still valid',
    successor String,
    latitude Float64,
    longitude Float64,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY code;

CREATE TABLE procedures
(
    procedure_id String,
    name String,
    field LowCardinality(String),
    level LowCardinality(String),
    limit_value UInt32,
    limit_unit LowCardinality(String),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY procedure_id;

CREATE TABLE fields
(
    field String,
    name_vi String,
    name_en String,
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY field;
