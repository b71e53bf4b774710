"""Grafana's own alerts: taken from its webhook, handed to technicians by the same channels.

The format is that of Grafana's webhook notifier, version 1: an object with a list `alerts`, each
with status, labels, annotations, startsAt and fingerprint. Whatever Grafana sends again is the
same message: its identity is fingerprint, startsAt and status.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ioc.alerts.notice import Notice, NoticeKind, OutsideAlert
from ioc.alerts.people_book import PeopleBook, Recipient
from ioc.alerts.store.ledger import Delivery
from schemas.alerting.names import Role
from schemas.errors import RejectError

MAX_BODY_BYTES = 1 << 20
_MAX_ALERTS = 200
_MAX_TEXT_LENGTH = 600
_SOURCE = "Grafana"


class GrafanaAlert(BaseModel):
    """One alert; what is not named here is not looked at."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    status: str = Field(pattern="^(firing|resolved)$")
    labels: dict[str, str] = Field(default_factory=dict)
    annotations: dict[str, str] = Field(default_factory=dict)
    starts_at: dt.datetime = Field(alias="startsAt")
    fingerprint: str = Field(min_length=1, max_length=128)


class GrafanaMessage(BaseModel):
    """What the webhook posts."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    alerts: tuple[GrafanaAlert, ...] = Field(max_length=_MAX_ALERTS)


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice and the channel by which it goes first."""

    notice: Notice
    channel: str


def read_message(body: bytes) -> GrafanaMessage:
    """Return Grafana's alerts; raises `RejectError` `bad_request` with the field."""
    try:
        return GrafanaMessage.model_validate_json(body)
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise RejectError("bad_request", f"not Grafana's webhook: {place}", field=place) from None


def plan(message: GrafanaMessage, book: PeopleBook, now: int) -> list[Delivery]:
    """Return what technicians are to be told; the same message gives the same ids."""
    people = _technicians(book, now)
    return [
        Delivery(
            notice=_notice(alert, one, now),
            channel=next(iter(one.person.contacts)),
            alert_ids=(),
            rounds=(),
            due_ms=now * 1000,
            changed_ms=now * 1000,
        )
        for alert in message.alerts
        for one in people
    ]


def _technicians(book: PeopleBook, now: int) -> list[Recipient]:
    found = {one.person.person_id: one for one in book.all_of(Role.TECHNICIAN, now)}
    return list(found.values())


def _notice(alert: GrafanaAlert, one: Recipient, now: int) -> Notice:
    identity = f"{alert.fingerprint}|{alert.starts_at.isoformat()}|{alert.status}"
    digest = hashlib.sha256(identity.encode()).hexdigest()[:24]
    outside = OutsideAlert(
        source=_SOURCE,
        title=_first(alert.annotations.get("summary"), alert.labels.get("alertname"), "?"),
        text=_first(alert.annotations.get("description"), alert.annotations.get("message"), ""),
        is_firing=alert.status == "firing",
        starts_at=int(alert.starts_at.timestamp()),
    )
    return Notice(
        NoticeKind.TECHNICIAN,
        f"grafana/{digest}/{one.person.person_id}",
        one.person.person_id,
        one.role,
        one.unit,
        "",
        one.person.language,
        now,
        total=1,
        deputy_for=one.deputy_for,
        outside=outside,
    )


def _first(*texts: str | None) -> str:
    found = next((text for text in texts if text), "")
    return " ".join(found.split())[:_MAX_TEXT_LENGTH]
