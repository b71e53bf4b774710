"""Deadlines: which crossings a dossier has ahead, timers, and when a crossing may be told."""

from streams.deadlines.alert import Alert, alert_id
from streams.deadlines.crossings import Crossing, Rule, crossings_of
from streams.deadlines.timers import Timers

__all__ = ["Alert", "Crossing", "Rule", "Timers", "alert_id", "crossings_of"]
