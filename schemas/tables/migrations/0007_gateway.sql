-- The HTTP gateway: keys, and what it writes down about their use. No secrets, no personal data.

-- Every row is kept, so the table is also the log of keys; the newest version counts.
CREATE TABLE gateway_keys
(
    key_id String,
    version UInt64 COMMENT 'epoch milliseconds of the row',
    label String,
    source LowCardinality(String) COMMENT 'the only source that its events may have',
    units Array(String) COMMENT 'as issued; sub-units and successors are covered too',
    rights Array(LowCardinality(String)) COMMENT 'push, lookup, read',
    sandbox UInt8,
    secret_hash String COMMENT 'SHA-256 of the key''s text; the text is stored nowhere',
    created_at Int64 COMMENT 'epoch seconds, 0 = never; so all times below',
    expires_at Int64,
    revoked_at Int64
)
ENGINE = MergeTree
ORDER BY (key_id, version);

-- Sums of use by minute. A row is written again as its minute goes on; the newest version counts.
CREATE TABLE gateway_use
(
    minute DateTime('Asia/Ho_Chi_Minh'),
    process LowCardinality(String) COMMENT 'one run of one gateway process',
    key_id LowCardinality(String),
    source LowCardinality(String),
    route LowCardinality(String),
    version UInt64,
    requests UInt64,
    refused UInt64 COMMENT 'requests that were answered with 4xx or 5xx',
    bytes UInt64 COMMENT 'of request bodies, as sent',
    accepted UInt64 COMMENT 'events; so all below',
    duplicate UInt64,
    rejected UInt64,
    unsaved UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (minute, process, key_id, source, route)
TTL minute + INTERVAL 730 DAY;

-- Refused requests, summed by minute, address and reason.
CREATE TABLE gateway_refusals
(
    minute DateTime('Asia/Ho_Chi_Minh'),
    process LowCardinality(String),
    key_id LowCardinality(String) COMMENT 'empty = no valid key was given',
    address String COMMENT 'of the sender, behind trusted proxies; * = many more',
    route LowCardinality(String),
    status UInt16,
    code LowCardinality(String),
    version UInt64,
    requests UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (minute, process, key_id, address, route, status, code)
TTL minute + INTERVAL 730 DAY;

-- Rejected events, for the people of the desk that sent them.
CREATE TABLE gateway_rejects
(
    at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    source LowCardinality(String),
    key_id LowCardinality(String),
    sandbox UInt8,
    route LowCardinality(String),
    request_id String,
    item_index UInt32,
    code LowCardinality(String),
    field LowCardinality(String),
    value String COMMENT 'never of a field that may name a person',
    event_id String,
    dossier_id String,
    item String COMMENT 'JSON: fields of the contract that hold codes, numbers and times'
)
ENGINE = MergeTree
ORDER BY (source, at)
TTL toDateTime(at) + INTERVAL 30 DAY;

-- How far a sender's clock is from this one's.
CREATE TABLE gateway_skew
(
    source LowCardinality(String),
    key_id LowCardinality(String),
    at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    skew_ms Int64 COMMENT 'positive = the sender''s clock is ahead',
    method LowCardinality(String) COMMENT 'date = its Date header, future = times of events ahead of now'
)
ENGINE = ReplacingMergeTree(at)
ORDER BY (source, key_id);
