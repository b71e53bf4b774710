"""The record of a crossing, as it travels on the alerts topic. No personal data."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from streams.deadlines.crossings import Crossing, Rule
from streams.fold import Facts


def alert_id(dossier_id: str, crossing: Crossing) -> str:
    """Return the identity of an alert: dossier, rule, leg and the due time that it is about."""
    leg = f"#{crossing.leg}" if crossing.leg else ""
    return f"{crossing.rule}/{dossier_id}{leg}/{crossing.about}"


class Alert(BaseModel):
    """One crossing; the same crossing always has the same id.

    Attributes:
        about_at, crossed_at: epoch seconds.
        raised_at_ms: epoch milliseconds, when a worker raised it.
        digest: known only long after it was crossed, or old data: nobody is told singly.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    alert_id: str
    rule: Rule
    dossier_id: str
    shard: int
    about_at: int
    crossed_at: int
    raised_at_ms: int
    receiver: str
    authority: str
    handler: str
    leg: int = 0
    digest: bool = False


def make_alert(
    dossier_id: str,
    shard: int,
    crossing: Crossing,
    facts: Facts,
    now_ms: int,
    *,
    came_long_after: bool,
) -> Alert:
    """Make the record of a crossing that has come.

    Args:
        dossier_id: whose.
        shard: of the dossier.
        crossing: what came.
        facts: of the dossier.
        now_ms: epoch milliseconds.
        came_long_after: the file as it is could be known only long after the crossing.
    """
    handler = facts.handler
    for leg in facts.legs:
        if leg.number == crossing.leg:
            handler = leg.unit
    return Alert(
        alert_id=alert_id(dossier_id, crossing),
        rule=crossing.rule,
        dossier_id=dossier_id,
        shard=shard,
        about_at=crossing.about,
        crossed_at=crossing.at,
        raised_at_ms=now_ms,
        receiver=facts.receiver,
        authority=facts.authority,
        handler=handler,
        leg=crossing.leg,
        digest=facts.backfill or came_long_after,
    )
