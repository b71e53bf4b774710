-- Carried over + received = to resolve = finished + open. The left side comes from the days, the
-- open ones of the right side from the cells of open dossiers, taken back to the period's end:
-- the two are written apart, so that a loss in either is seen.
WITH
    (
        SELECT toInt64(sum(n))
        FROM open_dossiers FINAL
        ARRAY JOIN phase, n
        WHERE phase != 'awaiting'
    ) AS open_now,
    days AS
    (
        SELECT
            toInt64(received) AS came,
            toInt64(early) + on_time + late + no_due + withdrawn + stopped AS went,
            day < {from_day:Date} AS is_before,
            day > {to_day:Date} AS is_after,
            NOT is_before AND NOT is_after AS is_now
        FROM province_days FINAL
    )
SELECT
    sumIf(came - went, is_before) AS carried_over,
    sumIf(came, is_now) AS received,
    carried_over + received AS to_resolve,
    sumIf(went, is_now) AS finished,
    ifNull(open_now, 0) - sumIf(came - went, is_after) AS open_at_end,
    to_resolve - finished - open_at_end AS difference
FROM days
