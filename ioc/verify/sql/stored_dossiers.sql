-- The dossiers as stored, read once; enumerations as texts.
CREATE TABLE {scratch:Identifier}.stored_dossiers ENGINE = Memory AS
SELECT
    * EXCEPT (version, phase, receiver, authority, handler, procedure, field, verdict, legs, source, backfill, history),
    bitAnd(version, 4294967295) AS payload_count,
    toString(phase) AS phase,
    toString(receiver) AS receiver,
    toString(authority) AS authority,
    toString(handler) AS handler,
    toString(procedure) AS procedure,
    toString(field) AS field,
    toString(verdict) AS verdict,
    CAST(legs, 'Array(Tuple(UInt8, String, Int64, Int64, Int64, Int64))') AS legs,
    toString(source) AS last_source
FROM {database:Identifier}.dossiers FINAL
WHERE shard IN {shards:Array(UInt8)}
