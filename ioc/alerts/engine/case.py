"""A case: one alert and how far it has come."""

from __future__ import annotations

import dataclasses

from schemas.alerting.names import AlertRule, CaseState


@dataclasses.dataclass(slots=True)
class Case:
    """One alert as the delivering process keeps it; only that process changes it.

    Times are epoch seconds, 0 = none. `version` 1 = as it came from the topic.

    Attributes:
        about_at: the due time that it is about.
        digest: nobody is told singly.
        round: how often it was withdrawn and came back.
        level: steps up the chain that were told; 0 = the first ones.
        told_at: when it was decided to tell the first ones, moved on by the time in which its
            feed was silent; 0 = nobody yet.
        unknown_since: since when its feed is silent or behind.
        ready_at: when it came to this process: it gathers with others from then.
        seen: version of the dossier's row with which it was compared last; not stored.
    """

    alert_id: str
    rule: AlertRule
    dossier_id: str
    shard: int
    unit: str
    handler: str
    receiver: str
    field: str
    procedure: str
    leg: int
    about_at: int
    crossed_at: int
    raised_ms: int
    digest: bool
    state: CaseState = CaseState.OPEN
    why: str = ""
    round: int = 0
    level: int = 0
    told_at: int = 0
    unknown_since: int = 0
    value: float = 0.0
    threshold: float = 0.0
    closed_at: int = 0
    version: int = 1
    ready_at: int = 0
    due_ms: int = 0
    seen: int = dataclasses.field(default=-1, compare=False)
