-- Dossiers that are about to be overdue, the next one first: a unit and everything below it.
WITH
    chosen AS
    (
        SELECT code
        FROM unit_labels
        WHERE ({unit:String} = '' OR has(line, {unit:String}))
            AND ({level:String} = '' OR level = {level:String})
    ),
    (
        SELECT groupArray((greatest(start_at, {now:Int64}), end_at))
        FROM working_intervals FINAL
        WHERE calendar_version = (SELECT max(calendar_version) FROM working_intervals)
            AND end_at > {now:Int64} AND start_at <= {due_soon_until:Int64}
    ) AS worked,
    live AS
    (
        SELECT
            dossier_id, toString(authority) AS unit, toString(handler) AS held_by,
            toString(procedure) AS procedure, apologised, due_at, alarm_at,
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
    live.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    ifNull(joinGetOrNull('procedure_labels', 'name', procedure), procedure) AS procedure_name,
    live.cause AS cause,
    if(live.cause = 'leg', live.leg_unit, live.held_by) AS holder,
    ifNull(joinGetOrNull('unit_labels', 'name', holder), holder) AS holder_name,
    live.apologised AS apologised,
    if(live.due_at = 0, NULL, live.due_at * 1000) AS due_at,
    arraySum(each -> greatest(0, least(each.2, live.alarm_at) - each.1), worked) / 3600
        AS left_hours,
    live.alarm_at * 1000 AS late_from
FROM live
ORDER BY live.alarm_at, dossier
