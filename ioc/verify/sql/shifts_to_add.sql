-- Due times that pauses move: the desk rule's by every pause, the national rule's by supplements
-- alone. A day-based due time is counted from the end of work of its day.
CREATE TABLE {scratch:Identifier}.shifts_to_add ENGINE = Memory AS
WITH
    wanted AS
    (
        SELECT
            folded.target AS target,
            folded.shard AS shard,
            folded.dossier_id AS dossier_id,
            arrayJoin(arrayConcat(
                if(
                    folded.promised_at IS NOT NULL AND folded.explicit_at IS NULL,
                    [(
                        'desk',
                        coalesce(folded.promised_at, 0),
                        folded.limit_unit = 0,
                        pauses.supplement_seconds + pauses.payment_seconds
                    )],
                    []
                ),
                if(
                    folded.promised_at IS NOT NULL OR statutory.due_at > 0,
                    [(
                        'national',
                        coalesce(folded.promised_at, statutory.due_at),
                        if(folded.promised_at IS NOT NULL, folded.limit_unit = 0, statutory.hourly),
                        pauses.supplement_seconds
                    )],
                    []
                )
            )) AS due
        FROM {scratch:Identifier}.folded AS folded
        INNER JOIN {scratch:Identifier}.pauses AS pauses
            ON pauses.target = folded.target AND pauses.shard = folded.shard
                AND pauses.dossier_id = folded.dossier_id
        LEFT JOIN {scratch:Identifier}.statutory AS statutory
            ON statutory.target = folded.target AND statutory.shard = folded.shard
                AND statutory.dossier_id = folded.dossier_id
    )
SELECT
    toUInt8(1) AS every,
    wanted.target AS target,
    wanted.shard AS shard,
    wanted.dossier_id AS dossier_id,
    wanted.due.1 AS kind,
    multiIf(
        wanted.due.3, wanted.due.2,
        days.ends_at > 0, days.ends_at,
        (intDiv(wanted.due.2 + 25200, 86400) + 1) * 86400 - 25200
    ) AS from_at,
    wanted.due.4 AS seconds
FROM wanted
LEFT JOIN {scratch:Identifier}.days AS days
    ON days.day = toInt32(intDiv(wanted.due.2 + 25200, 86400))
