"""Reads the body of a reconciliation."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Annotated, NamedTuple

import msgspec

from ioc.gateway.problems import Problem
from ioc.national.fields import plain_code
from schemas.calendar.local_time import day_of_date, day_start
from schemas.gateway_texts import Refused
from schemas.sync_texts import SyncSaid

MOST_DOSSIERS = 200_000
MOST_DAYS = 366
#: Dossiers after which others may have their turn: some milliseconds.
_DOSSIERS_AT_A_TIME = 250
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


def dossiers_in(body: bytes) -> int:
    """Return how many dossiers a body can name at most, before anything is built from it.

    Raises:
        Problem: 413 too many.
    """
    count = body.count(b"{") - 1
    if count > MOST_DOSSIERS:
        raise Problem(Refused.TOO_MANY_ITEMS, status=413, n=MOST_DOSSIERS)
    return max(0, count)


async def question_of(body: bytes) -> Question:
    """Return what is asked; other requests have their turn meanwhile.

    Raises:
        Problem: 400 no JSON, 413 too many dossiers, 422 another shape or an impossible period.
    """
    dossiers_in(body)
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
    for first in range(0, len(asked.dossiers), _DOSSIERS_AT_A_TIME):
        if first:
            await asyncio.sleep(0)
        for one in asked.dossiers[first : first + _DOSSIERS_AT_A_TIME]:
            code = plain_code(one.dossier_id)
            if not code:
                raise Problem(SyncSaid.SHAPE, status=422, reason="dossier_id")
            held[code] = one.status
    return Question(asked.from_day, asked.to_day, held)
