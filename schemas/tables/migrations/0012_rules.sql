-- Which rules (calendar, unit changes, statutory limits, version of the fold) made what is stored.
-- A fingerprint of 0 stands for "nobody wrote it down": what releases before this one stored.

ALTER TABLE checkpoints ADD COLUMN rules UInt64
    COMMENT 'fingerprint of the rules by which all of the shard is folded';

ALTER TABLE topic_epochs ADD COLUMN rules UInt64
    COMMENT 'fingerprint of the rules; others make another epoch';

-- One row for each set of rules that came into force, in this order.
CREATE TABLE fold_rules
(
    generation UInt32,
    fingerprint UInt64,
    registered_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(registered_at)
ORDER BY (generation, fingerprint);

ALTER TABLE dossiers COMMENT COLUMN version 'epoch << 32 | number of distinct payloads';
