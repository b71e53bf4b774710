-- Coarser tables of the walls, derived inside ClickHouse: no figure in them is new, all of them can
-- be made anew from the tables of 0001 to 0003.

-- Days by authority, field and channel; field '*' = all of them, channel 0 = all of them, so that a
-- query reads one narrow range whatever is chosen. Made anew by day, as unit_days, by the same
-- rule: version = sum of the versions of the cells behind a row. A quarter is a part of its own, so
-- that a refresh looks at few rows and a merge rewrites few.
CREATE TABLE field_days
(
    field LowCardinality(String),
    channel UInt8,
    day Date,
    unit LowCardinality(String) COMMENT 'authority',
    version UInt128,
    registered UInt32,
    received UInt32,
    receipt_late UInt32,
    refused UInt32,
    withdrawn UInt32,
    stopped UInt32,
    closed_unreceived UInt32,
    early UInt32,
    on_time UInt32,
    late UInt32,
    no_due UInt32,
    returned UInt32,
    uncollected UInt32,
    due UInt32,
    due_met UInt32
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toStartOfQuarter(day)
ORDER BY (field, channel, day, unit);

-- The same without the unit, for the whole province's fields and channels. Made anew by day, by
-- the same rule.
CREATE TABLE province_field_days
(
    field LowCardinality(String) COMMENT '''*'' = all of them',
    channel UInt8 COMMENT '0 = all of them',
    day Date,
    version UInt128,
    registered UInt32,
    received UInt32,
    receipt_late UInt32,
    refused UInt32,
    withdrawn UInt32,
    stopped UInt32,
    closed_unreceived UInt32,
    early UInt32,
    on_time UInt32,
    late UInt32,
    no_due UInt32,
    returned UInt32,
    uncollected UInt32,
    due UInt32,
    due_met UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (field, channel, day);

-- The national rule by authority: national_days without shard, receiver and handler.
CREATE TABLE national_unit_days
(
    received_day Date,
    unit LowCardinality(String) COMMENT 'authority',
    late_from Date COMMENT '2149-06-06 = never',
    version UInt128,
    n UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (received_day, unit, late_from);

-- The dossiers that are not finished, for lists: some thousands beside ten million. A finished one
-- leaves a row with closed = 1, which FINAL hides and a clean-up of the whole table removes; lists
-- are no figures, and the dossier itself is read where one is opened.
CREATE TABLE live_dossiers
(
    shard UInt8,
    dossier_id String,
    version UInt64,
    closed UInt8,
    phase Enum8('awaiting' = 1, 'processing' = 2, 'supplement' = 3, 'payment' = 4, 'resolved' = 5,
                'refused' = 6, 'withdrawn' = 7, 'stopped' = 8),
    status UInt8,
    receiver LowCardinality(String),
    authority LowCardinality(String),
    handler LowCardinality(String),
    procedure LowCardinality(String),
    field LowCardinality(String),
    channel UInt8,
    registered_at Int64 COMMENT 'epoch seconds, 0 = none; so all times below',
    received_at Int64,
    due_at Int64,
    apologised UInt8,
    paused_since Int64,
    alarm_at Int64,
    leg UInt8 COMMENT 'the leg that runs, 0 = none',
    leg_unit LowCardinality(String),
    leg_late_from Int64,
    last_event_at Int64
)
ENGINE = ReplacingMergeTree(version, closed)
ORDER BY (shard, dossier_id)
SETTINGS allow_experimental_replacing_merge_with_cleanup = 1;

CREATE MATERIALIZED VIEW live_dossiers_feed TO live_dossiers AS
WITH arrayFirst(each -> tupleElement(each, 'ended_at') = 0, legs) AS runs
SELECT
    shard, dossier_id, version, toUInt8(1 - live) AS closed, phase, status, receiver, authority,
    handler, procedure, field, channel, registered_at, received_at, due_at, apologised,
    paused_since, alarm_at, tupleElement(runs, 'number') AS leg,
    tupleElement(runs, 'unit') AS leg_unit, tupleElement(runs, 'late_from') AS leg_late_from,
    last_event_at
FROM dossiers;

-- When each desk's newest event happened, by its own clock, never later than now.
CREATE TABLE unit_signs
(
    unit LowCardinality(String) COMMENT 'receiver',
    source LowCardinality(String),
    last_event_at UInt64 COMMENT 'epoch seconds'
)
ENGINE = ReplacingMergeTree(last_event_at)
ORDER BY (unit, source);

CREATE MATERIALIZED VIEW unit_signs_feed TO unit_signs AS
SELECT
    receiver AS unit,
    source,
    toUInt64(max(least(dossiers.last_event_at, toUnixTimestamp(now())))) AS last_event_at
FROM dossiers
WHERE receiver != ''
GROUP BY receiver, source;

-- Alerts in the order in which they come.
CREATE TABLE alert_times
(
    crossed_at Int64 COMMENT 'epoch seconds',
    shard UInt8,
    alert_id String,
    rule LowCardinality(String),
    dossier_id String,
    about_at Int64,
    raised_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    authority LowCardinality(String),
    handler LowCardinality(String),
    leg UInt8,
    digest UInt8
)
ENGINE = ReplacingMergeTree(raised_at)
ORDER BY (crossed_at, shard, alert_id);

CREATE MATERIALIZED VIEW alert_times_feed TO alert_times AS
SELECT crossed_at, shard, alert_id, rule, dossier_id, about_at, raised_at, authority, handler, leg,
    digest
FROM alerts;

-- How long events took from Kafka into the audit log. Not a figure of the report: a repeated insert
-- counts again.
CREATE TABLE stored_minutes
(
    minute DateTime('Asia/Ho_Chi_Minh'),
    events SimpleAggregateFunction(sum, UInt64),
    seconds AggregateFunction(quantilesTDigest(0.5, 0.99), Float32)
)
ENGINE = AggregatingMergeTree
ORDER BY minute
TTL minute + INTERVAL 30 DAY;

CREATE MATERIALIZED VIEW stored_minutes_feed TO stored_minutes AS
SELECT
    toStartOfMinute(now('Asia/Ho_Chi_Minh')) AS minute,
    count() AS events,
    quantilesTDigestState(0.5, 0.99)(toFloat32(dateDiff('millisecond', log_at, now64(3)) / 1000))
        AS seconds
FROM dossier_events
GROUP BY minute;
