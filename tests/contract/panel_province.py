"""A small made-up province whose dossiers are known one by one, so that panels can be recounted.

Its dossiers are stored as the worker stores them: the dossiers themselves, their cells counted here
in Python, and the walls' tables derived by the worker's own statements.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from schemas.calendar.local_time import date_of_day, day_of_date, day_start, local_day
from schemas.events.shard import shard_of
from schemas.reference import UnitRegistry
from streams.cells import MEASURES
from streams.clickhouse.unit_days import refresh_days

NEVER = dt.date(2149, 6, 6)
#: Monday 30 September 2024, 15:00 in Vietnam; the shift began at 07:00.
NOW = int(dt.datetime(2024, 9, 30, 8, 0, tzinfo=dt.UTC).timestamp())
SHIFT_AT = NOW - 8 * 3600
TODAY = day_of_date(dt.date(2024, 9, 30))
FIRST = day_of_date(dt.date(2024, 7, 1))
HOUR = 3600
UNITS = UnitRegistry.load(None)
#: Wards of Hòa Bình city, communes of two districts, two departments, a code nobody knows.
CODES = (
    *(unit.code for unit in UNITS.children("148", dt.date(2024, 9, 1))[:4]),
    *(unit.code for unit in UNITS.children("150", dt.date(2024, 9, 1))[:3]),
    "148",
    "17-STNMT",
    "17-SKHDT",
    "H28.01",
)
FIELDS = ("dat-dai", "ho-tich", "chung-thuc")


@dataclass(frozen=True, slots=True)
class Made:
    """One dossier as it stands; times are epoch seconds, 0 = none."""

    id: str
    receiver: str
    authority: str
    handler: str
    field: str
    channel: int
    phase: str
    registered_at: int
    received_at: int
    due_at: int
    result_at: int
    returned_at: int
    finished_at: int
    verdict: str
    receipt_late: bool
    apologised: bool
    alarm_at: int
    late_from: dt.date
    legs: tuple[tuple[int, str, int, int, int, int], ...] = ()

    @property
    def live(self) -> bool:
        return self.phase in ("awaiting", "processing", "supplement", "payment")

    @property
    def is_open(self) -> bool:
        """Received and not finished."""
        return self.live and self.phase != "awaiting"

    @property
    def is_overdue(self) -> bool:
        return self.is_open and 0 < self.alarm_minute <= NOW

    @property
    def alarm_minute(self) -> int:
        return -(-self.alarm_at // 60) * 60

    def happened(self) -> Iterable[tuple[str, int]]:
        """Measures that it counts in, with their moments."""
        yield "registered", self.registered_at
        if self.receipt_late:
            yield "receipt_late", self.registered_at
        if self.received_at:
            yield "received", self.received_at
            if self.due_at:
                yield "due", self.due_at
                if self.verdict in ("early", "on_time"):
                    yield "due_met", self.due_at
        if self.result_at:
            yield self.verdict, self.result_at
            yield (
                ("returned", self.returned_at)
                if self.returned_at
                else (
                    "uncollected",
                    self.result_at,
                )
            )
        elif self.finished_at:
            yield self.phase, self.finished_at


def make_dossiers(count: int, seed: int) -> list[Made]:
    """Make dossiers of July to September 2024; the same ones for the same seed."""
    rng = random.Random(seed)
    return [_make(rng, number) for number in range(count)]


def _make(rng: random.Random, number: int) -> Made:
    authority = rng.choice(CODES)
    came = rng.randint(FIRST, TODAY - 1)
    registered = day_start(came) + rng.randint(7 * HOUR, 16 * HOUR)
    due_day = came + rng.choice((1, 2, 5, 20, 60))
    due = 0 if rng.random() < 0.05 else day_start(due_day) + 17 * HOUR
    received = registered + rng.randint(0, 2 * HOUR)
    result = received + rng.randint(1, 40 * 24) * HOUR
    phase = "resolved" if result <= NOW else "processing"
    if phase == "resolved" and rng.random() < 0.08:
        phase = rng.choice(("withdrawn", "stopped", "refused"))
    elif phase == "processing":
        phase = rng.choices(("processing", "supplement", "payment", "awaiting"), (6, 1, 1, 1))[0]
    if phase in ("refused", "awaiting"):
        received = 0
    late_second = day_start(due_day + 1) if due else 0
    result_at = result if phase == "resolved" else 0
    finished = result if phase in ("resolved", "withdrawn", "stopped", "refused") else 0
    alarm = 0
    if phase == "processing":
        alarm = late_second
    elif phase == "awaiting":
        alarm = registered + 24 * HOUR + 17
    elif phase == "payment" and due and rng.random() < 0.5:
        alarm = late_second
    verdict = ""
    if result_at:
        verdict = "no_due" if not due else "late" if result_at >= late_second else (
            "on_time" if local_day(result_at) == due_day else "early"
        )  # fmt: skip
    is_late = received and due and (finished or NOW) >= late_second
    other = rng.choice(CODES)
    handler = other if rng.random() < 0.2 else authority
    legs = ()
    if phase == "processing" and rng.random() < 0.2:
        legs = ((1, authority, received, 0, received + HOUR, 0),
                (2, other, received + HOUR, due, 0, late_second))  # fmt: skip
    return Made(
        id=f"000.00.{number % 7}.H28-{number:05d}",
        receiver=authority,
        authority=authority,
        handler=handler,
        field=rng.choice(FIELDS),
        channel=rng.choices((1, 2, 3), (2, 7, 1))[0],
        phase=phase,
        registered_at=registered,
        received_at=received,
        due_at=due,
        result_at=result_at,
        returned_at=result_at + HOUR if result_at and rng.random() < 0.7 else 0,
        finished_at=finished,
        verdict=verdict,
        receipt_late=bool(received) and rng.random() < 0.1,
        apologised=phase == "processing" and rng.random() < 0.3,
        alarm_at=alarm,
        late_from=date_of_day(due_day + 1) if is_late else NEVER,
        legs=legs,
    )


def below(unit: str) -> set[str]:
    """Return the unit and everything below it."""
    found = {unit}
    while more := {each.code for each in UNITS if each.parent in found} - found:
        found |= more
    return found


def store(client: Any, dossiers: Sequence[Made]) -> None:
    """Store dossiers and their cells, and have the walls' tables derived."""
    _insert(client, "dossiers", map(_dossier_row, dossiers))
    days: Counter[tuple[Any, ...]] = Counter()
    national: Counter[tuple[Any, ...]] = Counter()
    live: defaultdict[tuple[int, str], Counter[tuple[Any, ...]]] = defaultdict(Counter)
    for each in dossiers:
        shard = shard_of(each.id)
        key = (each.receiver, each.authority, each.handler, each.field, each.channel)
        for measure, at in each.happened():
            days[shard, date_of_day(local_day(at)), *key, measure] += 1
        if each.received_at:
            received = date_of_day(local_day(each.received_at))
            national[shard, *key[:3], received, each.late_from] += 1
        if each.live:
            cell = (each.receiver, each.handler, each.field, each.channel, each.phase,
                    int(each.apologised), each.alarm_minute)  # fmt: skip
            live[shard, each.authority][cell] += 1
    _insert(client, "dossier_days", _rows_of(days))
    province: Counter[tuple[Any, ...]] = Counter()
    for (shard, day, *_, channel, measure), n in days.items():
        province[shard, day, measure] += n
        if measure == "received" and channel == 2:
            province[shard, day, "received_online"] += n
    _insert(client, "province_days", _rows_of(province, ("shard", "day")))
    _insert(client, "national_days", (
        dict(zip(("shard", "receiver", "authority", "handler", "received_day", "late_from"), key,
                 strict=True), version=1, n=n) for key, n in national.items()
    ))  # fmt: skip
    names = ("receiver", "handler", "field", "channel", "phase", "apologised", "alarm_minute")
    _insert(client, "open_dossiers", (
        {"shard": shard, "authority": authority, "version": 1, "n": list(cells.values()),
         **dict(zip(names, map(list, zip(*cells, strict=True)), strict=True))}
        for (shard, authority), cells in live.items()
    ))  # fmt: skip
    dirty = {local_day(at) for each in dossiers for _, at in each.happened()}
    refresh_days(client, dirty)


def _rows_of(
    counts: Counter[tuple[Any, ...]],
    names: tuple[str, ...] = (
        "shard", "day", "receiver", "authority", "handler", "field", "channel",
    ),
) -> Iterable[dict[str, Any]]:  # fmt: skip
    measures = (*MEASURES, "received_online") if len(names) == 2 else MEASURES
    rows: defaultdict[tuple[Any, ...], dict[str, int]] = defaultdict(
        lambda: dict.fromkeys(measures, 0)
    )
    for (*key, measure), n in counts.items():
        rows[tuple(key)][measure] += n
    for key, values in rows.items():
        yield {**dict(zip(names, key, strict=True)), "version": 1, **values}


def _dossier_row(each: Made) -> dict[str, Any]:
    return {
        "shard": shard_of(each.id), "dossier_id": each.id, "version": 3, "position": 1,
        "phase": each.phase, "status": 4, "live": int(each.live),
        "received": int(bool(each.received_at)), "receiver": each.receiver,
        "authority": each.authority, "handler": each.handler, "procedure": "1.900002",
        "field": each.field, "channel": each.channel, "registered_at": each.registered_at,
        "received_at": each.received_at, "first_due_at": each.due_at, "due_at": each.due_at,
        "apologised": int(each.apologised), "result_at": each.result_at,
        "returned_at": each.returned_at, "finished_at": each.finished_at,
        "alarm_at": each.alarm_at, "legs": list(each.legs), "source": "mot-cua",
        "last_event_at": max(each.registered_at, each.received_at, each.finished_at),
    }  # fmt: skip


def _insert(client: Any, table: str, rows: Iterable[dict[str, Any]]) -> None:
    held = list(rows)
    client.insert(table, [list(row.values()) for row in held], column_names=list(held[0]))
