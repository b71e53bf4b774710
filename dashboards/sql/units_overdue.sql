-- Authorities with overdue dossiers: first where any fell overdue since the shift began, then where
-- most are. Equal counts stand by code: a share of three is no reason to come first.
WITH
    code -> arrayLast((each, day) -> day <= {today:Date},
        arrayPushFront(joinGet('unit_heirs', 'units', code), code),
        arrayPushFront(joinGet('unit_heirs', 'since', code), toDate(0))) AS heir_of
SELECT
    heir_of(each.code) AS unit,
    ifNull(joinGetOrNull('unit_labels', 'name', unit), unit) AS name,
    joinGet('unit_labels', 'district', unit) AS parent,
    sum(each.overdue) AS overdue,
    sum(each.open) AS open,
    overdue / open AS share,
    sum(each.overdue_new) AS overdue_new
FROM
(
    SELECT
        toString(authority) AS code,
        sumIf(n, alarm_minute BETWEEN 1 AND {now:Int64}) AS overdue,
        sum(n) AS open,
        sumIf(n, alarm_minute BETWEEN {shift_at:Int64} + 1 AND {now:Int64}) AS overdue_new
    FROM open_dossiers FINAL
    ARRAY JOIN phase, alarm_minute, n
    WHERE phase != 'awaiting'
    GROUP BY code
) AS each
GROUP BY unit
HAVING overdue > 0
ORDER BY overdue_new DESC, overdue DESC, unit
LIMIT {rows:UInt16}
