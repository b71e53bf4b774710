"""The present facts of a dossier, as far as alerts need them."""

from __future__ import annotations

from typing import NamedTuple

from schemas.alerting.names import AlertRule


class Leg(NamedTuple):
    """One leg; times in epoch seconds, 0 = none."""

    number: int
    unit: str
    due_at: int
    ended_at: int
    late_from: int


class Dossier(NamedTuple):
    """A row of `dossiers`; times in epoch seconds, 0 = none.

    Attributes:
        version: grows with every event of the dossier.
        alarm_at: first second at which the live file is late.
    """

    shard: int
    dossier_id: str
    version: int
    awaiting: bool
    live: bool
    received: bool
    paused: bool
    receiver: str
    authority: str
    handler: str
    procedure: str
    field: str
    due_at: int
    alarm_at: int
    receipt_due_at: int
    apologised: bool
    status: int
    legs: tuple[Leg, ...]
    source: str

    def about(self) -> int:
        """Return the due time that alerts of now are about."""
        if self.awaiting:
            return self.receipt_due_at or self.alarm_at
        return self.due_at or self.alarm_at

    def stands(self, rule: AlertRule, about_at: int, leg: int, now: int) -> bool:
        """Whether an alert of this rule about this due time is true now."""
        if not self.live:
            return False
        if rule is AlertRule.LEG_OVERDUE:
            return self.received and any(
                each.number == leg
                and each.due_at == about_at
                and not each.ended_at
                and 0 < each.late_from <= now
                for each in self.legs
            )
        if self.alarm_at <= 0 or self.about() != about_at:
            return False
        if rule is AlertRule.RECEIPT_OVERDUE:
            return self.awaiting and self.alarm_at <= now
        if self.awaiting:
            return False
        if rule is AlertRule.OVERDUE:
            return self.alarm_at <= now
        if rule is AlertRule.NO_APOLOGY:
            return self.alarm_at <= now and not self.apologised
        if rule is AlertRule.APOLOGY_DUE:
            return self.alarm_at > now and not self.apologised
        return rule is AlertRule.DUE_SOON and self.alarm_at > now
