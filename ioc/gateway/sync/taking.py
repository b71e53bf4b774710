"""What was told goes to Kafka, and the answer says what became of each entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from ioc.gateway.clock import iso_time
from ioc.gateway.gateway import Gateway
from ioc.gateway.intake.result import ItemOutcome, Options
from ioc.gateway.keys.caller import Caller
from ioc.gateway.problems import Problem, language_of
from ioc.gateway.sync.results import EntryResult, entry_results, unread
from ioc.national.told import Told
from schemas.messages import Message
from schemas.sync_texts import SyncSaid

_COUNTED = (
    ItemOutcome.ACCEPTED,
    ItemOutcome.DUPLICATE,
    ItemOutcome.REJECTED,
    ItemOutcome.UNSAVED,
)


async def submit_told(
    gateway: Gateway, caller: Caller, told: Sequence[Told], options: Options
) -> list[EntryResult]:
    """Save the events of entries; return one result for each entry, in order. Never raises."""
    events = [event for one in told for event in one.events]
    outcome = await gateway.intake.submit(caller, events, options)
    bad = list(unread(told))
    if bad:
        gateway.ledger.count_items(caller, options, bad)
    return entry_results(told, outcome.results)


def answer_entries(
    gateway: Gateway,
    request: Request,
    results: Sequence[EntryResult],
    options: Options,
    more: Mapping[str, Any] = MappingProxyType({}),
) -> Response:
    """Return the answer, in the portal's manner: 200 with `error_code` and a sentence.

    Args:
        gateway: whose clock and settings count.
        request: what is answered.
        results: of its entries, in order.
        options: how it was taken.
        more: further members of the answer.

    Raises:
        Problem: 503 with the same members, something is not saved.
    """
    server_time = iso_time(gateway.clock.now_ms())
    request_id: str = request.state.request_id
    counted = {name.value: sum(one.outcome is name for one in results) for name in _COUNTED}
    body: dict[str, Any] = {
        "request_id": request_id,
        "server_time": server_time,
        "dry_run": options.dry_run,
        **counted,
        **more,
        "results": [one.as_dict(n, server_time, request_id) for n, one in enumerate(results)],
    }
    if counted["unsaved"]:
        seconds = gateway.settings.retry_seconds
        raise Problem(SyncSaid.NOT_SAVED, status=503, retry_after_seconds=seconds, extra=body)
    language = language_of(request)
    code, said = _verdict(body["results"], counted["rejected"], language)
    return Response(
        orjson.dumps({"error_code": code, "message": said, **body}),
        media_type="application/json",
        headers={"Content-Language": language},
    )


def in_portals_manner(problem: Problem, request: Request) -> Problem:
    """Give a refusal the two members that software written for the portal looks at."""
    said = problem.detail(language_of(request))
    problem.extra = {"error_code": str(problem.status), "message": said, **problem.extra}
    return problem


def _verdict(results: list[dict[str, Any]], bad: int, language: str) -> tuple[str, str]:
    """Return the portal's code, a text, and its sentence."""
    if bad:
        first = next(one for one in results if one["outcome"] == "rejected")
        reason = first.get("message", Message("", "")._asdict())[language]
        said = SyncSaid.SOME_REJECTED.in_language(
            language, rejected=bad, count=len(results), reason=reason
        )
        return "1", said
    losses = sum(len(one.get("losses", ())) for one in results)
    if losses:
        return "0", SyncSaid.DONE_WITH_LOSSES.in_language(language, losses=losses)
    return "0", SyncSaid.DONE.in_language(language)
