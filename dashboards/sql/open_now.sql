-- Dossiers that are not finished, compared with the clock that is bound, and what crossed its due time
-- since the shift began apart from what was late before.
WITH cells AS
(
    SELECT
        n,
        phase = 'awaiting' AS awaits,
        phase = 'supplement' AS waits_for_papers,
        phase = 'payment' AS waits_for_payment,
        alarm_minute > 0 AND alarm_minute <= {now:Int64} AS is_late,
        is_late AND alarm_minute > {shift_at:Int64} AS is_new,
        alarm_minute > {now:Int64} AND alarm_minute <= {due_soon_until:Int64} AS is_soon,
        apologised
    FROM open_cells
)
SELECT
    sumIf(n, NOT awaits) AS open,
    sumIf(n, NOT awaits AND is_late) AS overdue,
    if(open = 0, NULL, overdue / open) AS overdue_share,
    sumIf(n, NOT awaits AND is_new) AS overdue_new,
    overdue - overdue_new AS overdue_old,
    sumIf(n, NOT awaits AND is_late AND apologised = 0) AS without_apology,
    sumIf(n, NOT awaits AND is_soon) AS due_soon,
    sumIf(n, waits_for_papers OR waits_for_payment) AS paused,
    sumIf(n, waits_for_papers) AS paused_for_papers,
    sumIf(n, waits_for_payment) AS paused_for_payment,
    sumIf(n, awaits) AS awaiting_receipt,
    sumIf(n, awaits AND is_late) AS receipt_overdue,
    sumIf(n, awaits AND is_new) AS receipt_overdue_new
FROM cells
