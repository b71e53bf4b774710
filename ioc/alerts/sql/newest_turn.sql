-- The newest turn and everybody who says to have it.
SELECT max(turn), groupUniqArrayIf(owner, turn = (SELECT max(turn) FROM alert_turns))
FROM alert_turns
