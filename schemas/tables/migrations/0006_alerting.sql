-- Alerting: what every alert came to, what was sent to whom, what people answered. People are ids
-- of the people file and roles; no contact details, no personal data of applicants.

-- One row per alert. The record from Kafka is stored with version 1; every later word is the
-- delivering process's own, version = turn << 43 | epoch milliseconds.
CREATE TABLE alert_cases
(
    alert_id String,
    rule LowCardinality(String),
    dossier_id String COMMENT 'empty for an alert about a unit',
    shard UInt8,
    unit LowCardinality(String) COMMENT 'the authority, or the unit that it is about',
    handler LowCardinality(String),
    receiver LowCardinality(String),
    field LowCardinality(String),
    procedure LowCardinality(String),
    leg UInt8,
    about_at Int64 COMMENT 'the due time that it is about; epoch seconds, 0 = none; so all below',
    crossed_at Int64,
    raised_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    digest UInt8 COMMENT '1 = nobody is told singly',
    state Enum8('open' = 1, 'acknowledged' = 2, 'explained' = 3, 'resolved' = 4, 'withdrawn' = 5),
    why LowCardinality(String) COMMENT 'of the last change of state',
    round UInt8 COMMENT 'how often it was withdrawn and came back',
    level UInt8 COMMENT 'steps up the chain that were told',
    told_at Int64 COMMENT 'when that level was told',
    unknown_since Int64 COMMENT 'since when its feed is silent or behind',
    value Float64,
    threshold Float64,
    closed_at Int64,
    stored_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (shard, alert_id);

-- The ledger: one row per message to one person by one channel, written before and after sending.
CREATE TABLE alert_deliveries
(
    delivery_id String COMMENT 'notice and channel',
    notice_id String,
    kind LowCardinality(String),
    person String,
    role LowCardinality(String),
    unit LowCardinality(String),
    channel LowCardinality(String),
    state Enum8('planned' = 1, 'sending' = 2, 'sent' = 3, 'waiting' = 4, 'given_up' = 5,
                'dropped' = 6),
    repeat UInt8 COMMENT '1 = it may have arrived before',
    attempts UInt16,
    due_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'when it was due for delivery',
    planned_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
        COMMENT 'when it was decided: the order of what somebody was told',
    changed_at DateTime64(3, 'Asia/Ho_Chi_Minh') COMMENT 'when it came into this state',
    next_at Int64 COMMENT 'not before this; epoch seconds',
    problem LowCardinality(String) COMMENT 'code of the last error',
    alert_ids Array(String),
    rounds Array(UInt8) COMMENT 'of the alerts, in the same order',
    content String CODEC(ZSTD(1)) COMMENT 'the notice as JSON; how to send it again',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY delivery_id;

-- Everything that was tried, sent and given up, for good: the ledger without its contents.
CREATE TABLE alert_audit
(
    at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    delivery_id String,
    state LowCardinality(String),
    kind LowCardinality(String),
    role LowCardinality(String),
    person String,
    unit LowCardinality(String),
    channel LowCardinality(String),
    repeat UInt8,
    attempts UInt16,
    problem LowCardinality(String),
    alert_ids Array(String),
    version UInt64
)
ENGINE = ReplacingMergeTree
ORDER BY (delivery_id, version, state);

CREATE MATERIALIZED VIEW alert_audit_feed TO alert_audit AS
SELECT changed_at AS at, delivery_id, state, kind, role, person, unit, channel, repeat, attempts,
    problem, alert_ids, version
FROM alert_deliveries;

-- What people said. A row is never changed.
CREATE TABLE alert_answers
(
    alert_id String,
    answer_id String,
    person String,
    role LowCardinality(String),
    kind Enum8('acknowledged' = 1, 'explained' = 2),
    cause LowCardinality(String),
    note String COMMENT 'no personal data: the page refuses long numbers and addresses',
    expected_on Date COMMENT '1970-01-01 = none',
    via LowCardinality(String) COMMENT 'link, api or wall',
    made_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    stored_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3),
    version UInt64 COMMENT 'epoch milliseconds of the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (alert_id, answer_id);

-- Who wants to hear nothing about a unit or a rule, for how long and why.
CREATE TABLE alert_silences
(
    silence_id String,
    unit LowCardinality(String) COMMENT 'and all below it; empty = every unit',
    rule LowCardinality(String) COMMENT 'empty = every rule',
    starts_at Int64 COMMENT 'epoch seconds',
    ends_at Int64,
    reason String,
    person String,
    role LowCardinality(String),
    made_at DateTime64(3, 'Asia/Ho_Chi_Minh'),
    ended_at Int64 COMMENT 'epoch seconds at which somebody took it away; 0 = nobody did',
    ended_by String,
    version UInt64 COMMENT 'epoch milliseconds of the row'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY silence_id;

-- Whose turn it is to deliver: the largest number; whoever finds a larger one than its own stops.
CREATE TABLE alert_turns
(
    turn UInt64,
    owner String,
    taken_at DateTime64(3, 'Asia/Ho_Chi_Minh') DEFAULT now64(3)
)
ENGINE = ReplacingMergeTree(taken_at)
ORDER BY (turn, owner);

-- What came of every message: each alert that it told, and where that alert stands now.
CREATE VIEW alert_outcomes AS
SELECT
    told.alert_id AS alert_id, told.role AS role, told.person AS person, told.kind AS kind,
    told.channel AS channel, told.state AS delivery_state, told.changed_at AS at,
    cases.rule AS rule, cases.dossier_id AS dossier_id, cases.unit AS unit,
    cases.state AS state, cases.why AS why, cases.closed_at AS closed_at,
    answered.kind AS answer, answered.cause AS cause
FROM
(
    SELECT alert_id, role, person, kind, channel, toString(state) AS state, changed_at
    FROM alert_deliveries FINAL
    ARRAY JOIN alert_ids AS alert_id
) AS told
LEFT JOIN
(
    SELECT alert_id, rule, dossier_id, unit, toString(state) AS state, why, closed_at
    FROM alert_cases FINAL
) AS cases ON cases.alert_id = told.alert_id
LEFT JOIN
(
    SELECT alert_id, argMax(toString(kind), made_at) AS kind, argMax(cause, made_at) AS cause
    FROM alert_answers FINAL
    GROUP BY alert_id
) AS answered ON answered.alert_id = told.alert_id;
