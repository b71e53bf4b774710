-- Overdue dossiers by their cause: a unit and everything below it.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of,
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
            apologised,
            multiIf(phase IN ('supplement', 'payment'), toString(phase),
                    leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
                    handler != authority AND handler != ''
                        AND heir_of(toString(handler)) != heir_of(toString(authority)), 'handler',
                    'processing') AS cause
        FROM live_dossiers FINAL
        WHERE (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
            AND phase != 'awaiting' AND alarm_at > 0 AND alarm_at <= {now:Int64}
    )
SELECT
    cause,
    count() AS overdue,
    if(sum(overdue) OVER () = 0, NULL, overdue / sum(overdue) OVER ()) AS share,
    countIf(apologised = 0) AS without_apology
FROM live
GROUP BY cause
ORDER BY overdue DESC, cause
