-- What operators marked in the period, newest first: the shift's log.
SELECT
    toString(marks.kind) AS kind,
    marks.subject AS subject,
    if(marks.kind = 'unit', marks.subject, '') AS unit,
    if(marks.kind = 'dossier', marks.subject, '') AS dossier,
    if(unit = '', marks.subject, ifNull(joinGetOrNull('unit_labels', 'name', unit), unit)) AS name,
    toUnixTimestamp64Milli(marks.made_at) AS at,
    marks.note AS note,
    marks.author AS author,
    if(marks.ended_at > 0, marks.ended_at, marks.expires_at) * 1000 AS until,
    multiIf(marks.ended_at > 0, 'ended', marks.expires_at <= {now:Int64}, 'expired', 'stands')
        AS state
FROM marks FINAL
WHERE marks.made_at >= fromUnixTimestamp64Milli({from_at:Int64} * 1000)
    AND marks.made_at < fromUnixTimestamp64Milli({until_at:Int64} * 1000)
ORDER BY at DESC, subject
LIMIT 4 * {rows:UInt16}
