-- Marks that stand now; the newest one of each unit or dossier. Few rows: marks end by themselves.
SELECT
    toString(kind) AS kind,
    subject,
    argMax(mark_id, made_at) AS mark_id,
    argMax(note, made_at) AS note,
    argMax(author, made_at) AS author,
    argMax(expires_at, made_at) AS until
FROM marks FINAL
WHERE ended_at = 0 AND expires_at > {now:Int64}
GROUP BY kind, subject
ORDER BY kind, subject
LIMIT 1000
