"""Asks the warehouse for both sides of a reconciliation, and keeps the result."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import without_secrets
from ioc.gateway.reconcile.comparison import KINDS, Comparison, compare
from ioc.gateway.reconcile.question import Question
from schemas.events.shard import shards_of

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_IDS_AT_ONCE = 2_000
#: Differences that are kept; the answer has more.
_KEPT = 200


def compare_stored(client: Client, caller: Caller, question: Question) -> Comparison:
    """Return how a desk's dossiers differ from the stored ones of its units."""
    scope: dict[str, Any] = {
        "all_units": int(caller.covers_province),
        "units": [] if caller.covers_province else sorted(caller.unit_codes),
    }
    period = dict(
        client.query(
            _sql("period"),
            parameters={
                **scope,
                "source": caller.source,
                "from_at": question.from_at,
                "until_at": question.until_at,
            },
        ).result_rows
    )
    unknown = [each for each in question.held if each not in period]
    others: dict[str, int] = {}
    for first in range(0, len(unknown), _IDS_AT_ONCE):
        ids = unknown[first : first + _IDS_AT_ONCE]
        wanted = [(int(shard), each) for shard, each in zip(shards_of(ids), ids, strict=True)]
        rows = client.query(_sql("by_id"), parameters={**scope, "wanted": wanted}).result_rows
        others.update(rows)
    return compare(question.held, period, others)


def keep(
    client: Client,
    caller: Caller,
    question: Question,
    comparison: Comparison,
    request_id: str,
    at: dt.datetime,
) -> None:
    """Store the result for the pipeline board and the integrator's page."""
    row = {
        "source": caller.source,
        "at": at,
        "key_id": caller.key_id,
        "request_id": request_id,
        "from_day": question.from_day,
        "to_day": question.to_day,
        "desk": comparison.desk,
        "known": comparison.known,
        **{kind: comparison.count(kind) for kind in KINDS},
        "differences": [
            (one.kind, without_secrets(one.dossier_id), one.desk_status, one.ioc_status)
            for one in comparison.differences[:_KEPT]
        ],
    }
    client.insert("reconciliations", [list(row.values())], column_names=list(row))


@cache
def _sql(name: str) -> str:
    return (
        resources.files("ioc.gateway.reconcile").joinpath("sql", f"{name}.sql").read_text("utf-8")
    )
