-- Where the overdue dossiers of a unit and everything below it lie now.
WITH
    chosen AS
    (
        SELECT code
        FROM units FINAL
        WHERE ({level:String} = '' OR level = {level:String})
            AND ({unit:String} = '' OR code = {unit:String} OR parent = {unit:String}
                OR parent IN (SELECT code FROM units FINAL WHERE parent = {unit:String}))
    ),
    cells AS
    (
        SELECT
            if(handler = '', authority, handler) AS holder,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sum(n) AS open
        FROM open_cells
        WHERE phase != 'awaiting'
            AND (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
        GROUP BY holder
        HAVING overdue > 0
    ),
    known AS (SELECT code, name, level, parent FROM units FINAL)
SELECT
    cells.holder AS unit,
    if(mine.name = '', cells.holder, mine.name) AS name,
    if(above.level = 'district', above.name, '') AS parent,
    cells.overdue AS overdue,
    cells.open AS open,
    cells.overdue / cells.open AS share
FROM cells
LEFT JOIN known AS mine ON mine.code = cells.holder
LEFT JOIN known AS above ON above.code = mine.parent
ORDER BY overdue DESC, share DESC, unit
LIMIT 2 * {rows:UInt16}
