-- When this installation began to tell people.
SELECT toUnixTimestamp64Milli(min(taken_at)) FROM alert_turns
