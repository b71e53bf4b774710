"""docs/fold.md, sections 1 to 3, in SQL: which events count, their order, the last word."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import LOCAL, AuditLog, at, event, recompute, warehouse

# Name: (events, expected columns; texts in columns of times are local times).
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "time decides": (
        [event(5, "2024-03-04 10:00"), event(4, "2024-03-04 09:00")],
        {"phase": "supplement"},
    ),
    "milliseconds decide": (
        [event(5, "2024-03-04 10:00:00.002"), event(4, "2024-03-04 10:00:00.001")],
        {"phase": "supplement", "paused_since": "2024-03-04 10:00"},
    ),
    "the sequence decides before time": (
        [event(5, "2024-03-04 10:00", sequence=1), event(4, "2024-03-04 09:00", sequence=2)],
        {"phase": "processing", "last_event_at": "2024-03-04 09:00"},
    ),
    "sequences are numbers": (
        [event(5, "2024-03-04 10:00", sequence=10), event(4, "2024-03-04 10:00", sequence=9)],
        {"phase": "supplement"},
    ),
    # The wrong clock's event stays after its predecessor, so another source's 09:30 is before it.
    "a wrong clock moves no event before its predecessor": (
        [
            event(5, "2024-03-04 10:00", sequence=1),
            event(4, "2024-03-04 09:00", sequence=2),
            event(6, "2024-03-04 09:30", source="other"),
        ],
        {"phase": "processing", "last_source": "desk"},
    ),
    "a wrong clock may still be overtaken": (
        [
            event(5, "2024-03-04 10:00", sequence=1),
            event(4, "2024-03-04 09:00", sequence=2),
            event(6, "2024-03-04 10:01", source="other"),
        ],
        {"phase": "payment", "last_source": "other"},
    ),
    # Of one source, those without a sequence keep their own time.
    "without a sequence the own time counts": (
        [
            event(5, "2024-03-04 10:00", sequence=1),
            event(4, "2024-03-04 09:00", sequence=2),
            event(6, "2024-03-04 09:59"),
        ],
        {"phase": "processing"},
    ),
    "at one time the source decides": (
        [event(5, "2024-03-04 10:00", source="b"), event(4, "2024-03-04 10:00", source="a")],
        {"phase": "supplement"},
    ),
    "the source decides before the sequence": (
        [
            event(5, "2024-03-04 10:00", source="b", sequence=1),
            event(4, "2024-03-04 10:00", source="a", sequence=2),
        ],
        {"phase": "supplement"},
    ),
    "then no sequence comes first": (
        [event(5, "2024-03-04 10:00", sequence=0), event(4, "2024-03-04 10:00")],
        {"phase": "supplement"},
    ),
    "then the event id": (
        [event(5, "2024-03-04 10:00", event_id="10"), event(4, "2024-03-04 10:00", event_id="9")],
        {"phase": "processing"},
    ),
    "ids compare by their bytes": (
        [event(5, "2024-03-04 10:00", event_id="é"), event(4, "2024-03-04 10:00", event_id="z")],
        {"phase": "supplement"},
    ),
    "facts use the time that is said": (
        [
            event(2, "2024-03-04 10:00", sequence=1),
            event(9, "2024-03-04 09:00", sequence=2),
        ],
        {"result_at": "2024-03-04 09:00", "received_at": "2024-03-04 10:00"},
    ),
    "times are floored to seconds": (
        [event(2, "2024-03-04 10:00:00.999")],
        {"received_at": "2024-03-04 10:00"},
    ),
    # --- two payloads of one identity
    "the larger hash counts": (
        [
            event(5, "2024-03-04 10:00", event_id="x", content_hash=2**64 - 1),
            event(4, "2024-03-04 11:00", event_id="x", content_hash=2**63 - 1),
        ],
        {"phase": "supplement", "payload_count": 2},
    ),
    "whichever came first": (
        [
            event(4, "2024-03-04 11:00", event_id="x", content_hash=5),
            event(5, "2024-03-04 10:00", event_id="x", content_hash=6),
        ],
        {"phase": "supplement", "payload_count": 2},
    ),
    "one payload twice is one": (
        [
            event(5, "2024-03-04 10:00", event_id="x"),
            event(5, "2024-03-04 10:00", event_id="x"),
        ],
        {"phase": "supplement", "payload_count": 1},
    ),
    "one id in two sources is two events": (
        [
            event(5, "2024-03-04 10:00", event_id="x", source="a"),
            event(4, "2024-03-04 11:00", event_id="x", source="b"),
        ],
        {"phase": "processing", "payload_count": 2},
    ),
    "the far future is no event": (
        [
            event(4, "2024-03-04 10:00"),
            event(
                5,
                "2024-03-06 10:00:00.001",
                log_at=dt.datetime(2024, 3, 5, 10, tzinfo=LOCAL),
            ),
        ],
        {"phase": "processing", "payload_count": 1},
    ),
    "exactly a day ahead still is one": (
        [
            event(4, "2024-03-04 10:00"),
            event(5, "2024-03-06 10:00", log_at=dt.datetime(2024, 3, 5, 10, tzinfo=LOCAL)),
        ],
        {"phase": "supplement", "payload_count": 2},
    ),
    # --- attributes
    "nobody said anything": (
        [event(2, "2024-03-04 10:00")],
        {
            "receiver": "",
            "authority": "",
            "handler": "",
            "procedure": "",
            "field": "",
            "channel": 1,
            "limit_unit": 1,
            "first_due_at": "",
            "registered_at": "",
        },
    ),
    "authority and handler follow the receiver": (
        [event(2, "2024-03-04 10:00", receiver="r")],
        {"receiver": "r", "authority": "r", "handler": "r"},
    ),
    "the handler follows the authority": (
        [event(2, "2024-03-04 10:00", receiver="r", authority="a")],
        {"receiver": "r", "authority": "a", "handler": "a"},
    ),
    "the last word counts, silence changes nothing": (
        [
            event(
                1,
                "2024-03-04 08:00",
                receiver="r",
                handler="h",
                procedure="p",
                field="f",
                channel=2,
                due_at="2024-03-15 17:00",
            ),
            event(2, "2024-03-04 10:00", receiver="r2", channel=3, due_at="2024-03-20 17:00"),
            event(4, "2024-03-04 11:00", handler="h2", field="f2"),
            event(4, "2024-03-04 12:00"),
        ],
        {
            "receiver": "r2",
            "authority": "r2",
            "handler": "h2",
            "procedure": "p",
            "field": "f2",
            "channel": 3,
            "due_at": "2024-03-20 17:00",
            "first_due_at": "2024-03-15 17:00",
            "registered_at": "2024-03-04 08:00",
            "received_at": "2024-03-04 10:00",
        },
    ),
    "the last word is the last in order, not in arrival": (
        [
            event(4, "2024-03-04 11:00", receiver="late", due_at="2024-03-20 17:00"),
            event(2, "2024-03-04 10:00", receiver="early", due_at="2024-03-15 17:00"),
        ],
        {"receiver": "late", "due_at": "2024-03-20 17:00", "first_due_at": "2024-03-15 17:00"},
    ),
    "stated registration and receipt win": (
        [
            event(
                1,
                "2024-03-04 08:00",
                registered_at="2024-03-01 08:00",
                received_at="2024-03-02 08:00",
            ),
            event(2, "2024-03-04 10:00", received_at="2024-03-03 08:00"),
        ],
        {"registered_at": "2024-03-01 08:00", "received_at": "2024-03-03 08:00"},
    ),
    "received by a stop that came first": (
        [event(8, "2024-03-04 08:00"), event(7, "2024-03-04 09:00")],
        {"received_at": "2024-03-04 08:00"},
    ),
    "the last explicit date": (
        [
            event(4, "2024-03-04 10:00", explicit_due_at="2024-03-20 17:00"),
            event(4, "2024-03-04 11:00", explicit_due_at="2024-03-18 17:00"),
        ],
        {"due_at": "2024-03-18 17:00", "explicit": 1, "apologised": 0},
    ),
}


@pytest.fixture(scope="module")
def facts(clickhouse: Any) -> Iterator[dict[str, dict[str, Any]]]:
    log = AuditLog()
    for name, (events, _) in CASES.items():
        log.add(name, *events)
    with warehouse(clickhouse) as client:
        log.store(client)
        yield recompute(client).facts


@pytest.mark.parametrize("name", CASES)
def test_order_and_attributes(facts: dict[str, dict[str, Any]], name: str) -> None:
    expected = CASES[name][1]
    times = {column for column in expected if column.endswith(("_at", "_since"))}
    wanted = {c: at(v) if c in times else v for c, v in expected.items()}
    assert {column: facts[name][column] for column in expected} == wanted
