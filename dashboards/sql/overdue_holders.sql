-- Where the overdue dossiers of a unit and everything below it lie now.
WITH
    chosen AS
    (
        SELECT code
        FROM unit_labels
        WHERE ({unit:String} = '' OR has(line, {unit:String}))
            AND ({level:String} = '' OR level = {level:String})
    ),
    cells AS
    (
        SELECT
            toString(if(handler = '', authority, handler)) AS holder,
            sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}) AS overdue,
            sum(n) AS open
        FROM open_dossiers FINAL
        ARRAY JOIN handler, field, channel, phase, alarm_minute, n
        WHERE phase != 'awaiting'
            AND (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        GROUP BY holder
        HAVING overdue > 0
    )
SELECT
    holder AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    cells.overdue AS overdue,
    cells.open AS open,
    cells.overdue / cells.open AS share
FROM cells
ORDER BY overdue DESC, share DESC, unit
LIMIT 2 * {rows:UInt16}
