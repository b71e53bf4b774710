-- Dossiers that are about to be overdue, the next one first: a unit and everything below it.
WITH
    chosen AS
    (
        SELECT code
        FROM units FINAL
        WHERE ({level:String} = '' OR level = {level:String})
            AND ({unit:String} = '' OR code = {unit:String} OR parent = {unit:String}
                OR parent IN (SELECT code FROM units FINAL WHERE parent = {unit:String}))
    ),
    known AS (SELECT code, name FROM units FINAL),
    (
        SELECT groupArray((greatest(start_at, {now:Int64}), end_at))
        FROM working_intervals FINAL
        WHERE calendar_version = (SELECT max(calendar_version) FROM working_intervals)
            AND end_at > {now:Int64} AND start_at <= {due_soon_until:Int64}
    ) AS worked,
    live AS
    (
        SELECT
            dossier_id, authority, handler, procedure, apologised, due_at, alarm_at,
            leg_unit,
            multiIf(phase IN ('supplement', 'payment'), toString(phase),
                    leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
                    handler != authority AND handler != '', 'handler',
                    'processing') AS cause
        FROM live_dossiers FINAL
        WHERE (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
            AND phase != 'awaiting' AND alarm_at > {now:Int64} AND alarm_at <= {due_soon_until:Int64}
        ORDER BY alarm_at, dossier_id
        LIMIT 4 * {rows:UInt16}
    )
SELECT
    live.dossier_id AS dossier,
    live.authority AS unit,
    if(mine.name = '', live.authority, mine.name) AS name,
    if(procedures.name = '', live.procedure, procedures.name) AS procedure_name,
    live.cause AS cause,
    if(live.cause = 'leg', live.leg_unit, live.handler) AS holder,
    if(holder_unit.name = '', holder, holder_unit.name) AS holder_name,
    live.apologised AS apologised,
    if(live.due_at = 0, NULL, live.due_at * 1000) AS due_at,
    arraySum(each -> greatest(0, least(each.2, live.alarm_at) - each.1), worked) / 3600
        AS left_hours,
    live.alarm_at * 1000 AS late_from
FROM live
LEFT JOIN known AS mine ON mine.code = live.authority
LEFT JOIN known AS holder_unit ON holder_unit.code = holder
LEFT JOIN (SELECT procedure_id, name FROM procedures FINAL) AS procedures
    ON procedures.procedure_id = live.procedure
ORDER BY live.alarm_at, dossier
