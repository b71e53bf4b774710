-- Each source's newest comparison of what the desk holds with what is stored here.
SELECT
    toString(source) AS source,
    toUnixTimestamp64Milli(max(at)) AS compared_at,
    argMax(from_day, at) AS first_day,
    argMax(to_day, at) AS last_day,
    argMax(desk, at) AS held,
    argMax(missing, at) AS lacking,
    argMax(excess, at) AS in_excess,
    argMax(differing, at) AS differing_status
FROM reconciliations FINAL
GROUP BY source
ORDER BY lacking + in_excess + differing_status DESC, source
LIMIT 2 * {rows:UInt16}
