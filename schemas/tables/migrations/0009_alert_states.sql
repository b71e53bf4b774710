-- Where every alert stands, in the order in which they came: for the walls, which read the newest.
CREATE TABLE alert_states
(
    crossed_at Int64 COMMENT 'epoch seconds',
    alert_id String,
    rule LowCardinality(String),
    dossier_id String COMMENT 'empty for an alert about a unit',
    unit LowCardinality(String),
    field LowCardinality(String),
    digest UInt8,
    state LowCardinality(String),
    level UInt8 COMMENT 'steps up the chain that were told',
    version UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (crossed_at, alert_id);

CREATE MATERIALIZED VIEW alert_states_feed TO alert_states AS
SELECT crossed_at, alert_id, rule, dossier_id, unit, field, digest, toString(state) AS state, level,
    version
FROM alert_cases;
