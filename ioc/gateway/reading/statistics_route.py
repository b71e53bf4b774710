"""`GET /v1/statistics`: the walls' figures of a unit and a period."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.access import require
from ioc.gateway.clock import iso_time
from ioc.gateway.gateway import Gateway
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Right
from ioc.gateway.problems import Problem, language_of
from ioc.gateway.reading.desk import ReadingDesk
from ioc.gateway.reading.docs import STATISTICS_DOCS
from ioc.gateway.reading.statistics import Question
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import RetryError
from schemas.gateway_texts import Refused
from schemas.reading_texts import ReadingSaid
from schemas.reference import UnitRegistry

_LONGEST = dt.timedelta(days=3_660)
_YEARS = range(2000, 2101)


def add_statistics(router: APIRouter, desk: ReadingDesk) -> None:
    """Add the route."""

    @router.get("/v1/statistics", **STATISTICS_DOCS)
    async def statistics(
        request: Request,
        caller: Annotated[Caller, Depends(require(Right.READ))],
        unit: Annotated[
            str, Query(max_length=64, description="Unit, with everything below it.")
        ] = "",
        first: Annotated[
            dt.date | None, Query(alias="from", description="First day; this month by default.")
        ] = None,
        last: Annotated[dt.date | None, Query(alias="to", description="Last day.")] = None,
        field: Annotated[str, Query(max_length=64, description="Field; all by default.")] = "",
        channel: Annotated[
            int, Query(ge=0, le=3, description="1 counter, 2 online, 3 postal, 0 all.")
        ] = 0,
    ) -> Response:
        """Tell the same figures as the walls, each with its definition."""
        desk.check_real(caller)
        desk.check_query(caller)
        now_ms = desk.gateway.clock.now_ms()
        today = date_of_day(local_day(now_ms // 1000))
        first = first or today.replace(day=1)
        last = last or max(today, first)
        if first > last or last - first > _LONGEST or not {first.year, last.year} <= set(_YEARS):
            raise Problem(ReadingSaid.PERIOD, status=422)
        chosen = _unit(desk.gateway, caller, unit, today, min(last, today))
        question = Question(chosen, first, last, now_ms // 1000, field, channel)
        language = language_of(request)
        try:
            told = await desk.statistics.ask(question, language)
        except RetryError:
            raise desk.unreadable() from None
        body = {
            "unit": chosen or None,
            "from": first.isoformat(),
            "to": last.isoformat(),
            "field": field or None,
            "channel": channel or None,
            "at": iso_time(now_ms),
            **told,
            "request_id": request.state.request_id,
        }
        headers = {"Content-Language": language, "Cache-Control": "no-store"}
        return Response(orjson.dumps(body), headers=headers, media_type="application/json")


def _unit(gateway: Gateway, caller: Caller, asked: str, today: dt.date, units_on: dt.date) -> str:
    """Return the unit to tell of; empty = the whole province, with codes that nobody knows."""
    if not asked:
        if caller.covers_province:
            return ""
        if len(caller.scope) != 1:
            raise Problem(ReadingSaid.UNIT_NEEDED, status=422)
        asked = caller.scope[0]
    if not caller.covers_province and not covers(gateway.units, caller, asked, today, units_on):
        # Also of one that is not there: whose units exist is nobody's business.
        raise Problem(Refused.FOREIGN_UNIT, status=403, unit=asked)
    return asked


def covers(
    units: UnitRegistry, caller: Caller, code: str, today: dt.date, units_on: dt.date
) -> bool:
    """Whether every code that the figures of a unit add up is the caller's.

    The old codes of other units that were merged into it are among them: a key of one old ward is
    not told what the whole new commune has. What is open is added up as of today, what happened
    as of the period's last day, or of the unit's first if that is later.
    """
    if not caller.may_use(code) or code not in units:
        return False
    then = min(today, max(units_on, units.get(code).valid_from))
    return all(units.standing(code, day) <= caller.unit_codes for day in (today, then))
