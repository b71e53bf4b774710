"""Reads the body of a reconciliation."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, NamedTuple

import msgspec

from ioc.gateway.problems import Problem
from ioc.national.fields import dossier_code
from schemas.calendar.local_time import day_of_date, day_start
from schemas.errors import RejectError
from schemas.gateway_texts import Refused
from schemas.sync_texts import SyncSaid

MOST_DOSSIERS = 200_000
MOST_DAYS = 366
_FIRST_DAY, _LAST_DAY = dt.date(2010, 1, 1), dt.date(2035, 12, 31)


class _Held(msgspec.Struct):
    dossier_id: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    status: Annotated[int, msgspec.Meta(ge=1, le=10)]


class _Body(msgspec.Struct):
    from_day: dt.date = msgspec.field(name="from")
    to_day: dt.date = msgspec.field(name="to")
    dossiers: Annotated[list[_Held], msgspec.Meta(max_length=MOST_DOSSIERS)]


# Desks write statuses as texts too.
_decode = msgspec.json.Decoder(_Body, strict=False).decode


class Question(NamedTuple):
    """What a desk holds.

    Attributes:
        from_day: first day of the period.
        to_day: last day of it.
        held: dossier id -> status.
    """

    from_day: dt.date
    to_day: dt.date
    held: dict[str, int]

    @property
    def from_at(self) -> int:
        """First second of the period."""
        return day_start(day_of_date(self.from_day))

    @property
    def until_at(self) -> int:
        """First second after the period."""
        return day_start(day_of_date(self.to_day) + 1)


def question_of(body: bytes) -> Question:
    """Return what is asked.

    Raises:
        Problem: 400 no JSON, 413 too many dossiers, 422 another shape or an impossible period.
    """
    if body.count(b"{") > MOST_DOSSIERS + 1:
        raise Problem(Refused.TOO_MANY_ITEMS, status=413, n=MOST_DOSSIERS)
    try:
        asked = _decode(body.removeprefix(b"\xef\xbb\xbf"))
    except msgspec.ValidationError as error:
        raise Problem(SyncSaid.SHAPE, status=422, reason=str(error)[:200]) from None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise Problem(Refused.NOT_JSON, status=400, reason=str(error)[:120]) from None
    days = (asked.to_day - asked.from_day).days
    if days < 0 or days >= MOST_DAYS:
        raise Problem(SyncSaid.PERIOD, status=422, reason=f"1–{MOST_DAYS} days, from ≤ to")
    if asked.from_day < _FIRST_DAY or asked.to_day > _LAST_DAY:
        raise Problem(SyncSaid.PERIOD, status=422, reason="2010–2035")
    held: dict[str, int] = {}
    for one in asked.dossiers:
        try:
            held[dossier_code({"MaHoSo": one.dossier_id})] = one.status
        except RejectError:
            raise Problem(SyncSaid.SHAPE, status=422, reason="dossier_id") from None
    return Question(asked.from_day, asked.to_day, held)
