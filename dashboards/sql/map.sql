-- Units that have dossiers in process, at their coordinates. Those whose place nobody knows are left
-- out (departments share the province's desk).
WITH
    cells AS
    (
        SELECT
            authority,
            sumIf(n, alarm_minute > 0 AND alarm_minute <= {now:Int64}) AS overdue,
            sum(n) AS open
        FROM open_cells
        WHERE phase != 'awaiting'
        GROUP BY authority
        HAVING open > 0
    ),
    known AS (SELECT code, name, latitude, longitude FROM units FINAL)
SELECT
    cells.authority AS unit,
    known.name AS name,
    known.latitude AS latitude,
    known.longitude AS longitude,
    cells.open AS n,
    cells.overdue AS overdue,
    cells.overdue / cells.open AS share
FROM cells
INNER JOIN known ON known.code = cells.authority
WHERE isFinite(latitude) AND isFinite(longitude)
ORDER BY n DESC, unit
