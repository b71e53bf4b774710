-- Limits in working hours: receipt of an online file, and statutory limits of procedures for
-- received dossiers that nobody promised a date.
CREATE TABLE {scratch:Identifier}.limits_to_add ENGINE = Memory AS
SELECT
    toUInt8(1) AS every,
    target,
    shard,
    dossier_id,
    'receipt' AS kind,
    assumeNotNull(registered_at) AS from_at,
    toInt64({receipt_limit_seconds:UInt32}) AS seconds
FROM {scratch:Identifier}.folded
WHERE channel = 2 AND registered_at IS NOT NULL
UNION ALL
SELECT
    toUInt8(1) AS every,
    folded.target,
    folded.shard,
    folded.dossier_id,
    'statutory' AS kind,
    assumeNotNull(folded.received_at) AS from_at,
    toInt64(procedures.limit_value) * 3600 AS seconds
FROM {scratch:Identifier}.folded AS folded
INNER JOIN (SELECT * FROM {database:Identifier}.procedures FINAL) AS procedures
    ON procedures.procedure_id = folded.procedure
WHERE folded.received
    AND folded.promised_at IS NULL
    AND procedures.limit_unit = 'working_hours'
