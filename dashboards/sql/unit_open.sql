-- Dossiers that are not finished: a unit and everything below it, as far as level, field and
-- channel are chosen, compared with the clock that is bound.
WITH
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
            n,
            phase,
            apologised,
            if(phase = 'awaiting', n, 0) AS awaits,
            if(phase = 'awaiting', 0, n) AS runs,
            alarm_minute BETWEEN 1 AND {now:Int64} AS is_late,
            alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64} AS is_new,
            alarm_minute BETWEEN {now:Int64} + 1 AND {due_soon_until:Int64} AS is_soon
        FROM open_dossiers FINAL
        ARRAY JOIN field, channel, phase, apologised, alarm_minute, n
        WHERE (({unit:String} = '' AND {level:String} = '') OR authority IN chosen)
            AND ({field:String} = '' OR field = {field:String})
            AND ({channel:UInt8} = 0 OR channel = {channel:UInt8})
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
    sumIf(awaits, is_new) AS receipt_overdue_new
FROM cells
