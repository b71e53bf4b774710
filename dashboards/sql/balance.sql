-- Carried over + received = to resolve = finished + open. The left side comes from the days, the
-- open ones of the right side from the cells of open dossiers, taken back to the period's end:
-- the two are written apart, so that a loss in either is seen.
WITH
    days AS
    (
        SELECT
            day,
            toInt64(received) AS came,
            toInt64(early) + on_time + late + no_due + withdrawn + stopped AS went
        FROM province_days FINAL
    ),
    sums AS
    (
        SELECT
            sumIf(came - went, day < {from_day:Date}) AS before,
            sumIf(came, day BETWEEN {from_day:Date} AND {to_day:Date}) AS came_in,
            sumIf(went, day BETWEEN {from_day:Date} AND {to_day:Date}) AS went_out,
            sumIf(came - went, day > {to_day:Date}) AS after
        FROM days
    ),
    cells AS
    (
        SELECT toInt64(sum(n)) AS open_now FROM open_cells WHERE phase != 'awaiting'
    )
SELECT
    before AS carried_over,
    came_in AS received,
    before + came_in AS to_resolve,
    went_out AS finished,
    open_now - after AS open_at_end,
    to_resolve - finished - open_at_end AS difference
FROM sums CROSS JOIN cells
