"""The delivery ledger: what was to be sent, is being sent, was sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ioc.alerts.notice import Notice
from ioc.alerts.notice_json import notice_from_json, notice_to_json


class DeliveryState(StrEnum):
    """How far a message has come; what is `SENDING` after a crash may have arrived."""

    PLANNED = "planned"
    SENDING = "sending"
    SENT = "sent"
    WAITING = "waiting"
    GIVEN_UP = "given_up"
    DROPPED = "dropped"


@dataclass(slots=True)
class Delivery:
    """One message on its way by one channel. Only the delivering process changes it.

    Attributes:
        notice: what is told; as it was planned, or as it was sent last.
        alert_ids, rounds: every alert that it tells, also those beyond the listed items.
        repeat: an attempt may have arrived.
        due_ms, planned_ms, changed_ms: epoch milliseconds.
        next_at: epoch seconds before which it is not tried again.
    """

    notice: Notice
    channel: str
    alert_ids: tuple[str, ...]
    rounds: tuple[int, ...]
    due_ms: int
    planned_ms: int = 0
    state: DeliveryState = DeliveryState.PLANNED
    repeat: bool = False
    attempts: int = 0
    changed_ms: int = 0
    next_at: int = 0
    problem: str = ""
    version: int = 1

    @property
    def delivery_id(self) -> str:
        """Identity: the notice and the channel."""
        return f"{self.notice.notice_id}@{self.channel}"


def delivery_of(row: Sequence[Any]) -> Delivery:
    """Make a delivery of a row of `unsent.sql`."""
    (_, _, _, _, _, _, channel, state, repeat, attempts, due_ms, planned_ms, next_at, alert_ids,
     rounds, content, version) = row  # fmt: skip
    return Delivery(
        notice=notice_from_json(content),
        channel=channel,
        alert_ids=tuple(alert_ids),
        rounds=tuple(rounds),
        due_ms=due_ms,
        planned_ms=planned_ms,
        state=DeliveryState(state),
        repeat=bool(repeat),
        attempts=attempts,
        next_at=next_at,
        version=version,
    )


def ledger_columns(deliveries: Iterable[Delivery]) -> dict[str, list[Any]]:
    """Return ledger rows as columns; empty for none."""
    listed = list(deliveries)
    if not listed:
        return {}
    return {
        "delivery_id": [each.delivery_id for each in listed],
        "notice_id": [each.notice.notice_id for each in listed],
        "kind": [each.notice.kind.value for each in listed],
        "person": [each.notice.person for each in listed],
        "role": [each.notice.role.value for each in listed],
        "unit": [each.notice.unit for each in listed],
        "channel": [each.channel for each in listed],
        "state": [each.state.value for each in listed],
        "repeat": [int(each.repeat) for each in listed],
        "attempts": [each.attempts for each in listed],
        "due_at": [each.due_ms for each in listed],
        "planned_at": [each.planned_ms for each in listed],
        "changed_at": [each.changed_ms for each in listed],
        "next_at": [each.next_at for each in listed],
        "problem": [each.problem for each in listed],
        "alert_ids": [list(each.alert_ids) for each in listed],
        "rounds": [list(each.rounds) for each in listed],
        "content": [notice_to_json(each.notice) for each in listed],
        "version": [each.version for each in listed],
    }
