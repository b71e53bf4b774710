-- Accounts with as few rights as their work needs. `@…@` are SHA-256 sums of the passwords, put in
-- by users.sh; a sum is no text that somebody chose, so nothing can break out of the quotes.
CREATE DATABASE IF NOT EXISTS ioc;

-- Limits of everybody who only looks. `readonly = 2`, not 1: drivers send settings of their own.
CREATE SETTINGS PROFILE IF NOT EXISTS ioc_looking SETTINGS
    readonly = 2 CONST,
    max_execution_time = 15 MAX 30,
    max_memory_usage = 2000000000 MAX 2000000000,
    max_rows_to_read = 200000000 MAX 200000000,
    max_result_rows = 1000000 MAX 1000000,
    max_threads = 2 MAX 2;

-- `ioc migrate`: makes and changes tables, fills the reference data.
CREATE USER IF NOT EXISTS ioc_migrate IDENTIFIED WITH sha256_hash BY '@MIGRATE@';
GRANT SELECT, INSERT, CREATE TABLE, CREATE VIEW, DROP TABLE, DROP VIEW, ALTER, OPTIMIZE, TRUNCATE
    ON ioc.* TO ioc_migrate;
GRANT CREATE DATABASE ON ioc.* TO ioc_migrate;

-- The workers: write rows, read back what they wrote.
CREATE USER IF NOT EXISTS ioc IDENTIFIED WITH sha256_hash BY '@WORKER@';
GRANT SELECT, INSERT, OPTIMIZE ON ioc.* TO ioc;

-- The built-in wall, and whoever signed in to set a mark or to answer an alert.
CREATE USER IF NOT EXISTS ioc_read IDENTIFIED WITH sha256_hash BY '@READ@'
    SETTINGS PROFILE 'ioc_looking';
GRANT SELECT ON ioc.* TO ioc_read;
CREATE USER IF NOT EXISTS ioc_marks IDENTIFIED WITH sha256_hash BY '@MARKS@';
GRANT SELECT, INSERT ON ioc.marks TO ioc_marks;
GRANT INSERT ON ioc.alert_answers TO ioc_marks;
GRANT INSERT ON ioc.alert_silences TO ioc_marks;

-- The gateway: reads keys and dossiers, writes down what was sent and refused. It makes no keys:
-- `ioc keys` runs as ioc_migrate.
CREATE USER IF NOT EXISTS ioc_gateway IDENTIFIED WITH sha256_hash BY '@GATEWAY@';
GRANT SELECT ON ioc.* TO ioc_gateway;
GRANT INSERT ON ioc.gateway_use TO ioc_gateway;
GRANT INSERT ON ioc.gateway_refusals TO ioc_gateway;
GRANT INSERT ON ioc.gateway_rejects TO ioc_gateway;
GRANT INSERT ON ioc.gateway_skew TO ioc_gateway;
GRANT INSERT ON ioc.reconciliations TO ioc_gateway;

-- Who tells people of late files, and the pages on which they answer.
CREATE USER IF NOT EXISTS ioc_alerts IDENTIFIED WITH sha256_hash BY '@ALERTS@';
GRANT SELECT ON ioc.* TO ioc_alerts;
GRANT INSERT ON ioc.alert_cases TO ioc_alerts;
GRANT INSERT ON ioc.alert_deliveries TO ioc_alerts;
GRANT INSERT ON ioc.alert_turns TO ioc_alerts;
CREATE USER IF NOT EXISTS ioc_answers IDENTIFIED WITH sha256_hash BY '@ANSWERS@';
GRANT SELECT ON ioc.* TO ioc_answers;
GRANT INSERT ON ioc.alert_answers TO ioc_answers;
GRANT INSERT ON ioc.alert_silences TO ioc_answers;
GRANT INSERT ON ioc.alert_deliveries TO ioc_answers;

-- Grafana: every viewer can run any query with this account, so it sees this database only, and of
-- unreadable records not what they hold, though that is encrypted.
CREATE USER IF NOT EXISTS ioc_grafana IDENTIFIED WITH sha256_hash BY '@GRAFANA@'
    SETTINGS PROFILE 'ioc_looking';
GRANT SELECT ON ioc.* TO ioc_grafana;
REVOKE SELECT(sealed) ON ioc.dead_letters FROM ioc_grafana;
REVOKE SELECT(secret_hash) ON ioc.gateway_keys FROM ioc_grafana;
REVOKE SELECT(address) ON ioc.gateway_refusals FROM ioc_grafana;
REVOKE SELECT(secret_hash) ON ioc.gateway_keys FROM ioc_read;
