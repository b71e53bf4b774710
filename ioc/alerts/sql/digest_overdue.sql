-- Overdue files by authority, cause and who has them; a cause is where the file is now.
-- Of those of silent desks and sources it is not known whether they are overdue.
SELECT
    toString(authority) AS unit,
    multiIf(leg > 0 AND leg_late_from > 0 AND leg_late_from <= {now:Int64}, 'leg',
            handler != authority AND handler != '', 'handler',
            'processing') AS cause,
    toString(if(cause = 'leg', leg_unit, handler)) AS holder,
    count() AS files,
    countIf(alarm_at <= {since_at:Int64}) AS before,
    countIf(apologised = 0) AS without_apology,
    (receiver IN {desks:Array(String)}
      OR dossier_id IN
      (
          SELECT dossier_id FROM dossiers FINAL
          WHERE live = 1 AND source IN {sources:Array(String)}
      )) AS unsure
FROM live_dossiers FINAL
WHERE closed = 0 AND phase NOT IN ('awaiting', 'supplement', 'payment')
    AND alarm_at > 0 AND alarm_at <= {now:Int64}
GROUP BY unit, cause, holder, unsure
