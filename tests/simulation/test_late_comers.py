"""A worker that was away: whose deadlines are told singly, and whose were known too late."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import orjson
from sim_histories import START
from sim_kafka import SimRecord
from sim_schedule import RULES
from test_handover_rules import DOSSIER, Script

from schemas.calendar.local_time import day_start, local_day
from streams.fold import FoldRules

DAY = 86_400
DUE = START + 5 * 3600
#: Of a limit in working days: late from the midnight after.
LATE = day_start(local_day(DUE) + 1)


class Told:
    """An outbox that keeps what it is given."""

    def __init__(self) -> None:
        self.digests: dict[str, bool] = {}

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        for dossier_id, value in records:
            alert = orjson.loads(value)
            if alert["rule"] == "overdue":
                self.digests[dossier_id] = alert["digest"]


def due_record(script: Script, offset: int = 0, **said: Any) -> SimRecord:
    given = {"due_at": _iso(DUE), "receiver": "xa-1", "event_id": f"e{offset}", **said}
    return script.record(offset, 2, **given)


def _iso(at: int) -> str:
    return dt.datetime.fromtimestamp(at, dt.UTC).isoformat()


async def until(script: Script, at: int) -> None:
    await asyncio.sleep(at - script.now_ms() / 1000)


async def told_by_successor(script: Script, rules: FoldRules = RULES) -> dict[str, bool]:
    """Digest flags of what a worker tells that starts now."""
    outbox = Told()
    worker = script.worker(
        outbox=outbox, rules=rules, epoch=len(script.warehouse.epochs), same_since=1
    )
    await worker.assign([0])
    worker._guard.beat()
    await worker.tick(0, 0)
    return outbox.digests


async def known(script: Script, *records: SimRecord) -> None:
    worker = script.worker(outbox=Told())
    await worker.assign([0])
    await script.store(worker, records)


def heard_of_source(script: Script) -> None:
    """No wait for a silent source: somebody else's word of it came just now."""
    for row in script.warehouse.tables["sources"].rows.values():
        row["last_log_at"] = row["last_occurred_at"] = script.now_ms()


def test_days_without_a_worker_make_no_file_old() -> None:
    script = Script()

    async def history() -> None:
        await known(script, due_record(script))
        await until(script, LATE + 4 * DAY)
        heard_of_source(script)
        assert await told_by_successor(script) == {DOSSIER: False}

    script.run(history)


def test_what_came_long_after_its_deadline_is_old_for_every_successor() -> None:
    """The first one dies before it tells anything."""
    script = Script()

    async def history() -> None:
        await until(script, LATE + DAY + 60)
        await known(script, due_record(script))
        await until(script, LATE + 2 * DAY)
        heard_of_source(script)
        assert await told_by_successor(script) == {DOSSIER: True}

    script.run(history)


def test_another_word_of_the_file_makes_its_deadline_no_younger() -> None:
    """It came days after the deadline that an earlier event had set."""
    script = Script()

    async def history() -> None:
        await known(script, due_record(script))
        await until(script, LATE + 2 * DAY)
        await known(script, due_record(script, 1))
        await until(script, LATE + 3 * DAY)
        heard_of_source(script)
        assert await told_by_successor(script) == {DOSSIER: False}

    script.run(history)


def test_a_date_that_was_moved_long_into_the_past_is_old() -> None:
    """The file was known, but not that it would be due then."""
    script = Script()

    async def history() -> None:
        later = _iso(DUE + 30 * DAY)
        await known(script, due_record(script, due_at=later))
        await until(script, LATE + 2 * DAY)
        await known(script, due_record(script, 1))
        await until(script, LATE + 3 * DAY)
        heard_of_source(script)
        assert await told_by_successor(script) == {DOSSIER: True}

    script.run(history)


def test_deadlines_long_before_new_rules_are_old_and_later_ones_are_not() -> None:
    """Also for the second worker with the new rules, when the first died after its checkpoint."""
    others = dataclasses.replace(RULES, successors={"xa-1": (local_day(START) - 30, "xa-2")})
    for since, is_old in ((LATE + 2 * DAY, True), (LATE + DAY, False)):
        script = Script()

        async def history(
            script: Script = script, since: int = since, is_old: bool = is_old
        ) -> None:
            await known(script, due_record(script))
            await until(script, LATE + 3 * DAY)
            script.warehouse.register_epoch("other-rules", 1, others.fingerprint)
            script.warehouse.rules_since_ms = since * 1000
            heard_of_source(script)
            first = script.worker(rules=others, epoch=2, same_since=1)
            await first.assign([0])
            assert await told_by_successor(script, others) == {DOSSIER: is_old}

        script.run(history)
