"""A look-up tells what is stored, although it reads a quarter of the columns."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from ioc.gateway.reading.lookup import _WHOLE, Completeness
from ioc.gateway.reading.refolding import COLUMNS, refold
from ioc.reference import load_reference
from schemas.errors import RetryError
from schemas.events import EventRecord
from schemas.settings import WorkerSettings
from streams.fold import FoldRules, Phase, Verdict
from streams.pipeline.rows import dossier_columns
from streams.state.dossier import Dossier
from streams.state.shard import ShardState

_DAY = 86_400
_EPOCH = 3
_EPOCHS = frozenset({_EPOCH})
_BEGUN = 1_725_325_200  # 3 September 2024, 8:00 in Vietnam


@pytest.fixture(scope="module")
def rules() -> FoldRules:
    return load_reference(WorkerSettings(_env_file=None)).rules


def stored(events: list[EventRecord], rules: FoldRules) -> dict[str, Any]:
    """The row of a dossier as the worker stores it, as the warehouse tells it in JSON."""
    dossier = Dossier("H28-1")
    for event in events:
        dossier.add(event)
    dossier.refold(rules)
    columns = dossier_columns([(ShardState(7), dossier)], {7: _EPOCH << 40 | 1})
    row = {name: values[0] for name, values in columns.items()}
    row["phase"] = Phase(row["phase"]).name.lower()
    row["verdict"] = Verdict(row["verdict"]).name.lower() if row["verdict"] else ""
    return row


def random_events(chance: random.Random) -> list[EventRecord]:
    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.4 else None

    events = []
    for number in range(chance.randrange(1, 9)):
        at = _BEGUN + chance.randrange(60 * _DAY)
        events.append(
            EventRecord(
                "desk", f"e-{number}", number, chance.randrange(1, 11), at * 1000, None,
                *(maybe(chance.choice(["04795", "04792", "151"])) for _ in range(3)),
                maybe("1.000894"), None, maybe(2), maybe(at - 3600), maybe(at),
                maybe(at + chance.randrange(30) * _DAY), maybe(chance.randrange(4)),
                maybe(at + 40 * _DAY), maybe(at), None,
            )
        )  # fmt: skip
    return events


def test_every_column_that_is_told_follows_from_five(rules: FoldRules) -> None:
    chance = random.Random(5)
    for _ in range(400):
        row = stored(random_events(chance), rules)
        refolded = refold({name: row[name] for name in COLUMNS}, rules, _EPOCHS)
        assert refolded is not None
        told = set(_WHOLE) - {"history"}
        assert refolded.row == {name: row[name] for name in told}


def test_a_row_of_other_rules_or_another_calendar_is_not_told_anew(rules: FoldRules) -> None:
    event = random_events(random.Random(1))[0]._replace(status=2, due=_BEGUN + 5 * _DAY)
    row = stored([event], rules)
    assert refold(row, rules, _EPOCHS) is not None
    assert refold(row | {"due_at": row["due_at"] + _DAY}, rules, _EPOCHS) is None
    assert refold(row | {"alarm_at": row["alarm_at"] + _DAY}, rules, _EPOCHS) is None
    assert refold(row | {"version": row["version"] + (1 << 32)}, rules, _EPOCHS) is None
    assert refold(row | {"history": ""}, rules, _EPOCHS) is None


class Lane:
    """Answers how far all is stored, when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.known = {7: 100}
        self.may_answer = asyncio.Event()
        self.is_away = False

    async def call(self, action: Callable[[Any], Any]) -> Any:
        self.asked += 1
        await self.may_answer.wait()
        if self.is_away:
            raise RetryError("away")
        return self.known, _EPOCHS


async def test_only_the_first_look_up_waits_for_how_far_all_is_stored() -> None:
    lane = Lane()
    now = [1_000.0]
    complete = Completeness(lane, 1, lambda: now[0])  # type: ignore[arg-type] - the one method that it uses
    first = asyncio.create_task(complete.of(7))
    await asyncio.sleep(0)
    assert not first.done()
    lane.may_answer.set()
    assert await first == 100
    assert await complete.of(8) == 0

    now[0] += 6
    lane.may_answer.clear()
    lane.known = {7: 200}
    async with asyncio.timeout(5):  # nobody waits, and it is asked once
        assert [await complete.of(7) for _ in range(3)] == [100] * 3
    await asyncio.sleep(0)
    assert lane.asked == 2
    lane.may_answer.set()
    await asyncio.sleep(0.01)
    assert await complete.of(7) == 200

    now[0] += 60
    lane.is_away = True
    with pytest.raises(RetryError):  # too old to be told
        await complete.of(7)
