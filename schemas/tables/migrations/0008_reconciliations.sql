-- What desks hold against what is stored here, as they asked; the newest row of a source counts.

CREATE TABLE reconciliations
(
    source LowCardinality(String),
    at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    key_id LowCardinality(String),
    request_id String,
    from_day Date,
    to_day Date COMMENT 'the last day of the period',
    desk UInt32 COMMENT 'dossiers that the desk holds',
    known UInt32 COMMENT 'of these, dossiers that are here with the same status',
    missing UInt32 COMMENT 'the desk has them, they are not here',
    excess UInt32 COMMENT 'they are here, the desk does not name them',
    differing UInt32 COMMENT 'both have them, with another status',
    elsewhere UInt32 COMMENT 'here, but of another period',
    differences Array(Tuple(kind LowCardinality(String), dossier_id String, desk_status UInt8,
                            ioc_status UInt8)) COMMENT 'the first ones; status 0 = none'
)
ENGINE = ReplacingMergeTree
ORDER BY (source, at);
