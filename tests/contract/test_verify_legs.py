"""docs/fold.md, sections 3 and 5, in SQL: successors of units, and legs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import HOURS, AuditLog, Recomputed, at, event, recompute, warehouse

UNITS: dict[str, tuple[list[dict[str, Any]], str]] = {
    # "old" is valid to 30 June 2025, then "new"; the day of receipt decides.
    "received on the last day": (
        [event(2, "2025-06-30 23:59:59", receiver="old"), event(9, "2025-07-10 08:00")],
        "old",
    ),
    "received on the first day": ([event(2, "2025-07-01 00:00", receiver="old")], "new"),
    "registered before, received after": (
        [event(1, "2025-06-20 08:00", receiver="old"), event(2, "2025-07-02 08:00")],
        "new",
    ),
    "not received: the day of registration": (
        [event(1, "2025-06-20 08:00", receiver="old"), event(3, "2025-07-02 08:00")],
        "old",
    ),
    "neither: the day of the first event": (
        [event(3, "2025-07-02 08:00", receiver="old"), event(3, "2025-07-03 08:00")],
        "new",
    ),
    "two steps": ([event(2, "2025-07-01 08:00", receiver="older")], "new"),
    "one step of two": ([event(2, "2024-03-04 08:00", receiver="older")], "old"),
    "nobody succeeds": ([event(2, "2025-07-01 08:00", receiver="closed")], "closed"),
    "an unlisted successor": ([event(2, "2025-07-01 08:00", receiver="astray")], "unlisted"),
    "an unknown unit": ([event(2, "2025-07-01 08:00", receiver="nowhere")], "nowhere"),
}

# Legs as (number, unit, started, due, ended, late from), local times.
Leg = tuple[int, str, str, str, str, str]
LEGS: dict[str, tuple[list[dict[str, Any]], list[Leg]]] = {
    "one open leg": (
        [event(2, "2024-03-04 08:00", leg_number=1, leg_unit="u", leg_due_at="2024-03-08 17:00")],
        [(1, "u", "2024-03-04 08:00", "2024-03-08 17:00", "", "2024-03-09 00:00")],
    ),
    "in hours": (
        [
            event(
                2,
                "2024-03-04 08:00",
                leg_number=1,
                leg_due_at="2024-03-04 10:00",
                leg_limit_unit=HOURS,
            )
        ],
        [(1, "", "2024-03-04 08:00", "2024-03-04 10:00", "", "2024-03-04 10:00:01")],
    ),
    "the next leg ends one, the dossier the last": (
        [
            event(2, "2024-03-04 08:00", leg_number=1, leg_unit="u"),
            event(4, "2024-03-06 08:00", leg_number=3, leg_unit="v"),
            event(9, "2024-03-08 08:00"),
        ],
        [
            (1, "u", "2024-03-04 08:00", "", "2024-03-06 08:00", ""),
            (3, "v", "2024-03-06 08:00", "", "2024-03-08 08:00", ""),
        ],
    ),
    "what is said wins": (
        [
            event(
                2, "2024-03-04 08:00", leg_number=1, leg_unit="u", leg_started_at="2024-03-05 07:00"
            ),
            event(
                4, "2024-03-06 08:00", leg_number=2, leg_unit="v", leg_started_at="2024-03-07 07:00"
            ),
            event(4, "2024-03-06 09:00", leg_number=1, leg_ended_at="2024-03-06 07:00"),
        ],
        [
            (1, "u", "2024-03-05 07:00", "", "2024-03-06 07:00", ""),
            (2, "v", "2024-03-07 07:00", "", "", ""),
        ],
    ),
    "the last word of a leg": (
        [
            event(2, "2024-03-04 08:00", leg_number=1, leg_unit="u", leg_due_at="2024-03-08 17:00"),
            event(4, "2024-03-05 08:00", leg_number=1, leg_unit="w", leg_due_at="2024-03-11 17:00"),
        ],
        [(1, "w", "2024-03-04 08:00", "2024-03-11 17:00", "", "2024-03-12 00:00")],
    ),
    "a stop ends the leg": (
        [event(2, "2024-03-04 08:00", leg_number=1, leg_unit="u"), event(8, "2024-03-05 08:00")],
        [(1, "u", "2024-03-04 08:00", "", "2024-03-05 08:00", "")],
    ),
    "units of legs are resolved on the dossier's day": (
        [
            event(2, "2025-06-30 08:00", leg_number=1, leg_unit="old"),
            event(4, "2025-07-05 08:00", leg_number=2, leg_unit="old"),
        ],
        [
            (1, "old", "2025-06-30 08:00", "", "2025-07-05 08:00", ""),
            (2, "old", "2025-07-05 08:00", "", "", ""),
        ],
    ),
    "none": ([event(2, "2024-03-04 08:00")], []),
}


@pytest.fixture(scope="module")
def recomputed(clickhouse: Any) -> Iterator[Recomputed]:
    log = AuditLog()
    for name, (events, _) in (UNITS | LEGS).items():
        log.add(name, *events)
    with warehouse(clickhouse) as client:
        log.store(client)
        yield recompute(client)


@pytest.mark.parametrize("name", UNITS)
def test_units(recomputed: Recomputed, name: str) -> None:
    row = recomputed.facts[name]
    assert (row["receiver"], row["authority"], row["handler"]) == (UNITS[name][1],) * 3


@pytest.mark.parametrize("name", LEGS)
def test_legs(recomputed: Recomputed, name: str) -> None:
    expected = [(number, unit, *map(at, times)) for number, unit, *times in LEGS[name][1]]
    assert [tuple(leg) for leg in recomputed.facts[name]["legs"]] == expected
