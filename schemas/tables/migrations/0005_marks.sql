-- What operators said to each other: "called, waiting". Never changed, only followed by a newer
-- row of the same mark, so the table is also the shift's log.

CREATE TABLE marks
(
    mark_id String COMMENT 'of one marking; a row that ends it has the same id',
    kind Enum8('unit' = 1, 'dossier' = 2),
    subject String COMMENT 'code of the unit or dossier id',
    note String COMMENT 'no personal data; the page warns and long numbers are refused',
    author LowCardinality(String) COMMENT 'name of the account',
    made_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    expires_at Int64 COMMENT 'epoch seconds',
    ended_at Int64 COMMENT 'epoch seconds at which somebody took it away; 0 = nobody did',
    ended_by LowCardinality(String),
    version UInt64 COMMENT 'epoch milliseconds of the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (kind, subject, mark_id);
