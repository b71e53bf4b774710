-- Roll-ups: absolute snapshots per shard and key. A cell that becomes empty stays as zeros, but
-- for `open_dossiers`, where it leaves the row of its authority.
-- version = position of the chunk that produced the snapshot.

CREATE TABLE dossier_days
(
    shard UInt8,
    day Date,
    receiver LowCardinality(String),
    authority LowCardinality(String),
    handler LowCardinality(String),
    field LowCardinality(String),
    channel UInt8,
    version UInt64,
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
ORDER BY (day, authority, field, channel, receiver, handler, shard);

CREATE TABLE province_days
(
    shard UInt8,
    day Date,
    version UInt64,
    registered UInt32,
    received UInt32,
    received_online UInt32,
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
ORDER BY (day, shard);

-- The cells of one authority in one row, as parallel arrays; no array = no open dossier. Minutes
-- pass, so cells of their own would pile up as zeros for ever. Read it through `open_cells`.
CREATE TABLE open_dossiers
(
    shard UInt8,
    authority LowCardinality(String),
    version UInt64,
    receiver Array(LowCardinality(String)),
    handler Array(LowCardinality(String)),
    field Array(LowCardinality(String)),
    channel Array(UInt8),
    phase Array(Enum8('awaiting' = 1, 'processing' = 2, 'supplement' = 3, 'payment' = 4)),
    apologised Array(UInt8),
    alarm_minute Array(Int64)
        COMMENT 'epoch seconds of a full minute; 0 = the clock stands or no due date',
    n Array(UInt32)
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (authority, shard);

-- One row for each cell of open dossiers, newest snapshots only. Conditions on authority and shard
-- reach the table's key.
CREATE VIEW open_cells AS
SELECT
    shard, authority, receiver, handler, field, channel, phase, apologised, alarm_minute, version, n
FROM open_dossiers FINAL
ARRAY JOIN receiver, handler, field, channel, phase, apologised, alarm_minute, n;

CREATE TABLE national_days
(
    shard UInt8,
    receiver LowCardinality(String),
    authority LowCardinality(String),
    handler LowCardinality(String),
    received_day Date,
    late_from Date COMMENT '2149-06-06 = never',
    version UInt64,
    n UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (received_day, authority, late_from, receiver, handler, shard);

CREATE TABLE leg_days
(
    shard UInt8,
    day Date,
    unit LowCardinality(String),
    field LowCardinality(String),
    version UInt64,
    started UInt32,
    on_time UInt32,
    late UInt32,
    no_due UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (day, unit, field, shard);

CREATE TABLE open_legs
(
    shard UInt8,
    unit LowCardinality(String),
    field LowCardinality(String),
    alarm_minute Int64,
    version UInt64,
    n UInt32
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (unit, alarm_minute, field, shard);

-- For walls: derived from dossier_days by SQL, no shard. version = sum of the versions of the
-- cells it was made from: cells' versions only grow and no cell disappears, so a younger snapshot
-- always has the larger sum, whoever wrote it.
CREATE TABLE unit_days
(
    day Date,
    role Enum8('receiver' = 1, 'authority' = 2, 'handler' = 3),
    unit LowCardinality(String),
    version UInt128,
    registered UInt32,
    received UInt32,
    received_online UInt32,
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
ORDER BY (role, day, unit);
