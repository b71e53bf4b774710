-- Dossiers of one source whose day lies in a period. The day is that of the receipt; of what was
-- never received, that of the registration or of its end.
WITH candidates AS
(
    SELECT shard, dossier_id, status
    FROM dossiers FINAL
    WHERE multiIf(received_at > 0, received_at, registered_at > 0, registered_at, last_event_at)
            BETWEEN {from_at:Int64} AND {until_at:Int64} - 1
        AND ({all_units:UInt8}
            OR receiver IN {units:Array(String)} OR authority IN {units:Array(String)}
            OR handler IN {units:Array(String)})
)
SELECT dossier_id, status
FROM candidates
WHERE (shard, dossier_id) IN
(
    SELECT shard, dossier_id
    FROM dossier_events
    WHERE source = {source:String}
        AND (shard, dossier_id) IN (SELECT shard, dossier_id FROM candidates)
)
