-- Authorities with the most overdue dossiers.
WITH
    cells AS
    (
        SELECT
            authority,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sumIf(n, alarm_minute > {shift_at:Int64} AND alarm_minute <= {now:Int64}) AS overdue_new,
            sum(n) AS open
        FROM open_cells
        WHERE phase != 'awaiting'
        GROUP BY authority
        HAVING overdue > 0
    ),
    known AS (SELECT code, name, level, parent FROM units FINAL)
SELECT
    cells.authority AS unit,
    if(mine.name = '', cells.authority, mine.name) AS name,
    if(above.level = 'district', above.name, '') AS parent,
    cells.overdue AS overdue,
    cells.open AS open,
    cells.overdue / cells.open AS share,
    cells.overdue_new AS overdue_new
FROM cells
LEFT JOIN known AS mine ON mine.code = cells.authority
LEFT JOIN known AS above ON above.code = mine.parent
ORDER BY overdue DESC, share DESC, unit
LIMIT {rows:UInt16}
