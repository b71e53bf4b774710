-- The longest overdue dossiers: a unit and everything below it. Late is told in working hours, the
-- cause by where the dossier is now.
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
            apologised, due_at, alarm_at,
            multiIf(phase IN ('supplement', 'payment'), toString(phase),
                    leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
                    held_by != unit AND held_by != '', 'handler',
                    'processing') AS cause
        FROM live_dossiers FINAL
        WHERE (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
            AND phase != 'awaiting' AND alarm_at > 0 AND alarm_at <= {now:Int64}
        ORDER BY alarm_at, dossier_id
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
    -- Worked until one moment less worked until the other, in one expression as well.
    greatest(0, arraySum(
        (at, day, sign) -> sign * (joinGet('working_days', 'worked', day) + arraySum(
            (start, end) -> least(greatest(at - start, 0), end - start),
            joinGet('working_days', 'starts', day), joinGet('working_days', 'ends', day))),
        [{now:Int64}, live.alarm_at] AS moments,
        arrayMap(at -> toDate(toUInt16(intDiv(at + 25200, 86400))), moments),
        [1, -1])) / 3600 AS late_hours,
    live.alarm_at > {shift_at:Int64} AS is_new
FROM live
ORDER BY live.alarm_at, dossier
