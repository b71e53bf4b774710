-- Overdue dossiers by their cause: a unit and everything below it.
WITH
    chosen AS
    (
        SELECT code
        FROM unit_labels
        WHERE ({unit:String} = '' OR has(line, {unit:String}))
            AND ({level:String} = '' OR level = {level:String})
    ),
    live AS
    (
        SELECT
            apologised,
            multiIf(phase IN ('supplement', 'payment'), toString(phase),
                    leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
                    handler != authority AND handler != '', 'handler',
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
