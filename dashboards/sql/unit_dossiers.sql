-- The dossiers of a unit and everything below it that are not finished: the longest overdue first,
-- then by the time from which they are late, and those whose clock stands come last.
WITH
    chosen AS
    (
        WITH arrayLast((each, day) -> day <= {today:Date}, units, since) AS heir
        SELECT code
        FROM unit_heirs
        WHERE ({unit:String} = '' OR has(joinGet('unit_labels', 'line', heir), {unit:String}))
            AND ({level:String} = '' OR joinGet('unit_labels', 'level', heir) = {level:String})
    ),
    live AS
    (
        SELECT
            -- Of all three in one expression: each that stands in the text is analysed by itself.
            arrayMap(code -> arrayLast((each, day) -> day <= {today:Date},
                    arrayPushFront(joinGet('unit_heirs', 'units', code), code),
                    arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))),
                [toString(authority), toString(handler), toString(leg_unit)]) AS heirs,
            heirs[1] AS unit, heirs[2] AS held_by, dossier_id, toString(procedure) AS procedure,
            phase, apologised, due_at, alarm_at, received_at,
            multiIf(phase = 'awaiting', 'receipt',
                    phase IN ('supplement', 'payment'), toString(phase),
                    leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
                    held_by != unit AND held_by != '', 'handler',
                    'processing') AS cause
        FROM live_dossiers FINAL
        WHERE (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        ORDER BY alarm_at = 0, alarm_at, dossier_id
        LIMIT 4 * {rows:UInt16}
    )
SELECT
    live.dossier_id AS dossier,
    live.unit AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    ifNull(joinGetOrNull('procedure_labels', 'name', procedure), procedure) AS procedure_name,
    live.cause AS cause,
    if(live.cause = 'leg', live.heirs[3], live.held_by) AS holder,
    ifNull(joinGetOrNull('unit_labels', 'name', holder), holder) AS holder_name,
    live.apologised AS apologised,
    if(live.due_at = 0, NULL, live.due_at * 1000) AS due_at,
    toString(live.phase) AS phase,
    if(live.received_at = 0, NULL, live.received_at * 1000) AS received_at,
    multiIf(live.alarm_at = 0, 'paused', live.alarm_at <= {now:Int64}, 'overdue',
            live.alarm_at <= {due_soon_until:Int64}, 'due_soon', 'in_time') AS state
FROM live
ORDER BY live.alarm_at = 0, live.alarm_at, dossier
