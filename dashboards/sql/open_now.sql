-- Dossiers that are not finished, compared with the clock that is bound, and what crossed its due
-- time since the shift began apart from what was late before. How many were in process when the
-- period began is counted back by the days since.
WITH
(
    SELECT
        sum(toInt64(received)) - sum(toInt64(early) + on_time + late + no_due + withdrawn + stopped)
    FROM province_days FINAL
    WHERE day >= {from_day:Date}
) AS moved,
cells AS
(
    SELECT
        n,
        phase,
        apologised,
        if(phase = 'awaiting', n, 0) AS awaits,
        if(phase = 'awaiting', 0, n) AS runs,
        alarm_minute BETWEEN 1 AND {now:Int64} AS is_late,
        alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64} AS is_new,
        alarm_minute BETWEEN {now:Int64} + 1 AND {due_soon_until:Int64} AS is_soon
    FROM open_dossiers FINAL
    ARRAY JOIN phase, apologised, alarm_minute, n
)
SELECT
    sum(runs) AS open,
    sumIf(runs, is_late) AS overdue,
    overdue / nullIf(open, 0) AS overdue_share,
    sumIf(runs, is_new) AS overdue_new,
    overdue - overdue_new AS overdue_old,
    sumIf(runs, is_late AND NOT apologised) AS without_apology,
    sumIf(runs, is_soon) AS due_soon,
    paused_for_papers + paused_for_payment AS paused,
    sumIf(n, phase = 'supplement') AS paused_for_papers,
    sumIf(n, phase = 'payment') AS paused_for_payment,
    sum(awaits) AS awaiting_receipt,
    sumIf(awaits, is_late) AS receipt_overdue,
    sumIf(awaits, is_new) AS receipt_overdue_new,
    toInt64(open) - ifNull(moved, 0) AS open_before,
    open / nullIf(open_before, 0) - 1 AS open_change
FROM cells
