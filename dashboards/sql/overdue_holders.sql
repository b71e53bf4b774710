-- Where the overdue dossiers of a unit and everything below it lie now, first where any fell
-- overdue since the shift began.
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
    cells AS
    (
        SELECT
            toString(if(handler = '', authority, handler)) AS code,
            sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}) AS overdue,
            sum(n) AS open,
            sumIf(n, alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64}) AS overdue_new
        FROM open_dossiers FINAL
        ARRAY JOIN handler, field, channel, phase, alarm_minute, n
        WHERE phase != 'awaiting'
            AND (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        GROUP BY code
    )
SELECT
    heir_of(cells.code) AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    sum(cells.overdue) AS overdue,
    sum(cells.open) AS open,
    overdue / open AS share,
    sum(cells.overdue_new) AS overdue_new
FROM cells
GROUP BY unit
HAVING overdue > 0
ORDER BY overdue_new DESC, overdue DESC, unit
LIMIT 2 * {rows:UInt16}
