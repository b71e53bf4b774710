-- The newest event of each desk and source, by the time at which it happened. What was heard last
-- more than the habit's 28 days before that desk's newest is a software that is no longer used.
SELECT toString(unit) AS desk, toString(source) AS software, toInt64(max(last_event_at)) AS last_at
FROM unit_signs
GROUP BY desk, software
QUALIFY last_at > max(last_at) OVER (PARTITION BY desk) - 28 * 86400
