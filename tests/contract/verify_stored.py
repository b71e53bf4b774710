"""Five dossiers and every row that a correct pipeline stores for them, written by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

from verify_kit import AuditLog, at, event

NEVER = dt.date(2149, 6, 6)
RESOLVED, OPEN, REFUSED, AWAITING, STOPPED = (f"H28-{n}" for n in range(1, 6))
TABLES = (
    *("dossier_events", "dossiers", "checkpoints", "dossier_days", "province_days", "unit_days"),
    *("open_dossiers", "national_days", "leg_days", "open_legs"),
    *("field_days", "province_field_days", "national_unit_days"),
)
MEASURES = ("registered", "received", "refused", "stopped", "on_time", "returned", "due", "due_met")
#: The cell of the open dossier; see `open_row`.
OPEN_CELL = {"phase": "processing", "alarm_minute": at("2024-03-21 00:00")}
PARTIES = {"receiver": "r", "authority": "r", "handler": "r", "field": "f"}

EVENTS = {
    RESOLVED: [
        event(
            1,
            "2024-03-01 08:00",
            receiver="r",
            authority="a",
            handler="h",
            procedure="p",
            field="f",
            channel=2,
            due_at="2024-03-15 17:00",
        ),
        event(2, "2024-03-04 08:00"),
        event(9, "2024-03-15 10:00"),
        event(10, "2024-03-18 09:00"),
    ],
    OPEN: [
        event(
            2,
            "2024-03-05 08:00",
            receiver="r",
            field="f",
            due_at="2024-03-20 17:00",
            leg_number=1,
            leg_unit="u",
            leg_due_at="2024-03-08 17:00",
        )
    ],
    REFUSED: [
        event(1, "2024-03-05 08:00", receiver="r", field="f"),
        event(3, "2024-03-06 08:00"),
    ],
    AWAITING: [event(1, "2024-03-06 09:00", receiver="r", field="f")],
    STOPPED: [
        event(
            2,
            "2024-03-06 08:00",
            receiver="r",
            field="f",
            leg_number=1,
            leg_unit="u",
            leg_due_at="2024-03-07 17:00",
        ),
        event(8, "2024-03-08 08:00"),
    ],
}

DOSSIERS: dict[str, dict[str, Any]] = {
    RESOLVED: {
        "phase": "resolved",
        "status": 10,
        "live": 0,
        "received": 1,
        "receiver": "r",
        "authority": "a",
        "handler": "h",
        "procedure": "p",
        "field": "f",
        "channel": 2,
        "registered_at": at("2024-03-01 08:00"),
        "received_at": at("2024-03-04 08:00"),
        "first_due_at": at("2024-03-15 17:00"),
        "due_at": at("2024-03-15 17:00"),
        "result_at": at("2024-03-15 10:00"),
        "returned_at": at("2024-03-18 09:00"),
        "finished_at": at("2024-03-15 10:00"),
        "verdict": "on_time",
        "receipt_due_at": at("2024-03-04 08:00"),
        "last_event_at": at("2024-03-18 09:00"),
    },
    OPEN: {
        "phase": "processing",
        "status": 2,
        "live": 1,
        "received": 1,
        **PARTIES,
        "received_at": at("2024-03-05 08:00"),
        "first_due_at": at("2024-03-20 17:00"),
        "due_at": at("2024-03-20 17:00"),
        "alarm_at": at("2024-03-21 00:00"),
        "national_late_from": dt.date(2024, 3, 21),
        "legs": [
            (1, "u", at("2024-03-05 08:00"), at("2024-03-08 17:00"), 0, at("2024-03-09 00:00"))
        ],
        "last_event_at": at("2024-03-05 08:00"),
    },
    REFUSED: {
        "phase": "refused",
        "status": 3,
        "live": 0,
        "received": 0,
        **PARTIES,
        "registered_at": at("2024-03-05 08:00"),
        "finished_at": at("2024-03-06 08:00"),
        "last_event_at": at("2024-03-06 08:00"),
    },
    AWAITING: {
        "phase": "awaiting",
        "status": 1,
        "live": 1,
        "received": 0,
        **PARTIES,
        "registered_at": at("2024-03-06 09:00"),
        "last_event_at": at("2024-03-06 09:00"),
    },
    STOPPED: {
        "phase": "stopped",
        "status": 8,
        "live": 0,
        "received": 1,
        **PARTIES,
        "received_at": at("2024-03-06 08:00"),
        "finished_at": at("2024-03-08 08:00"),
        "legs": [
            (
                1,
                "u",
                at("2024-03-06 08:00"),
                at("2024-03-07 17:00"),
                at("2024-03-08 08:00"),
                at("2024-03-08 00:00"),
            )
        ],
        "last_event_at": at("2024-03-08 08:00"),
    },
}

#: (dossier, day of March 2024, measures); the first also has received_online by province.
DAYS: list[tuple[str, int, dict[str, int]]] = [
    (RESOLVED, 1, {"registered": 1}),
    (RESOLVED, 4, {"received": 1}),
    (RESOLVED, 15, {"on_time": 1, "due": 1, "due_met": 1}),
    (RESOLVED, 18, {"returned": 1}),
    (OPEN, 5, {"received": 1}),
    (OPEN, 20, {"due": 1}),
    (REFUSED, 5, {"registered": 1}),
    (REFUSED, 6, {"refused": 1}),
    (AWAITING, 6, {"registered": 1}),
    (STOPPED, 6, {"received": 1}),
    (STOPPED, 8, {"stopped": 1}),
]
#: (day of March 2024, measures) of unit r in each role, but for the first dossier's authority a
#: and handler h.
UNIT_DAYS: list[tuple[int, dict[str, str], dict[str, int]]] = [
    (1, {"receiver": "r", "authority": "a", "handler": "h"}, {"registered": 1}),
    (4, {"receiver": "r", "authority": "a", "handler": "h"}, {"received": 1, "received_online": 1}),
    (
        15,
        {"receiver": "r", "authority": "a", "handler": "h"},
        {"on_time": 1, "due": 1, "due_met": 1},
    ),
    (18, {"receiver": "r", "authority": "a", "handler": "h"}, {"returned": 1}),
    (5, {"receiver": "r", "authority": "r", "handler": "r"}, {"received": 1, "registered": 1}),
    (
        6,
        {"receiver": "r", "authority": "r", "handler": "r"},
        {"registered": 1, "received": 1, "refused": 1},
    ),
    (8, {"receiver": "r", "authority": "r", "handler": "r"}, {"stopped": 1}),
    (20, {"receiver": "r", "authority": "r", "handler": "r"}, {"due": 1}),
]


def insert(client: Any, table: str, *rows: dict[str, Any]) -> None:
    """Insert rows; what a row does not name has the column's default."""
    alike: dict[tuple[str, ...], list[list[Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(row), []).append(list(row.values()))
    for columns, values in alike.items():
        client.insert(table, values, column_names=columns)


def open_row(shard: int, version: int, *cells: dict[str, Any]) -> dict[str, Any]:
    """The row of `open_dossiers` for authority r with these cells; not named: as of `PARTIES`."""
    common = {"receiver": "r", "handler": "r", "field": "f", "channel": 1, "apologised": 0, "n": 1}
    whole = [common | cell for cell in cells]
    names = (*common, "phase", "alarm_minute")
    arrays = {name: [cell[name] for cell in whole] for name in names}
    return {"shard": shard, "authority": "r", "version": version, **arrays}


def dossier_row(dossier_id: str, shard: int, position: int, **changes: Any) -> dict[str, Any]:
    return {
        "shard": shard,
        "dossier_id": dossier_id,
        "procedure": "",
        "version": (1 << 32) + len(EVENTS[dossier_id]),
        "position": position,
        "limit_unit": 1,
        "channel": 1,
        "source": "desk",
        "verdict": "",
        "national_late_from": NEVER,
        **DOSSIERS[dossier_id],
        **changes,
    }


def field_days(cells: list[dict[str, Any]], by_unit: bool) -> list[dict[str, Any]]:
    """Each cell counts for its field and channel, and for all ('*', 0) of either."""
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for cell in cells:
        for field in ("*", cell["field"]):
            for channel in (0, cell["channel"]):
                key = {"day": cell["day"], "field": field, "channel": channel, "version": 1}
                if by_unit:
                    key["unit"] = cell["authority"]
                row = rows.setdefault(tuple(key.values()), key | dict.fromkeys(MEASURES, 0))
                for measure in MEASURES:
                    row[measure] += cell[measure]
    return list(rows.values())


def store_everything(client: Any) -> AuditLog:
    """Make the tables hold right rows only: audit rows, dossiers, cells and checkpoints."""
    for table in TABLES:
        client.command(f"TRUNCATE TABLE {table}")
    log = AuditLog()
    shards = {dossier_id: log.add(dossier_id, *events) for dossier_id, events in EVENTS.items()}
    assert len(set(shards.values())) == len(shards), "each has cells of its own"

    def key(dossier_id: str) -> dict[str, Any]:
        return {"shard": shards[dossier_id], "version": log.newest[shards[dossier_id]]}

    insert(client, "dossiers", *(dossier_row(d, s, log.newest[s]) for d, s in shards.items()))
    dossier_days, province_days = [], []
    for dossier_id, day, said in DAYS:
        row = DOSSIERS[dossier_id]
        parties = {k: row[k] for k in ("receiver", "authority", "handler", "field")}
        measures = dict.fromkeys(MEASURES, 0) | said
        cell = {**key(dossier_id), "day": dt.date(2024, 3, day), **measures}
        dossier_days.append({**cell, **parties, "channel": row.get("channel", 1)})
        province_days.append({**cell, "received_online": (dossier_id, day) == (RESOLVED, 4)})
    insert(client, "dossier_days", *dossier_days)
    insert(client, "province_days", *province_days)
    unit_days = []
    for day, units, said in UNIT_DAYS:
        for role, unit in units.items():
            cell = {"day": dt.date(2024, 3, day), "role": role, "unit": unit, "version": 1}
            unit_days.append({**cell, **dict.fromkeys([*MEASURES, "received_online"], 0), **said})
    insert(client, "unit_days", *unit_days)
    insert(client, "field_days", *field_days(dossier_days, by_unit=True))
    insert(client, "province_field_days", *field_days(dossier_days, by_unit=False))
    insert(
        client,
        "open_dossiers",
        open_row(*key(OPEN).values(), OPEN_CELL),
        open_row(*key(AWAITING).values(), {"phase": "awaiting", "alarm_minute": 0}),
    )
    for dossier_id, day in ((RESOLVED, 4), (OPEN, 5), (STOPPED, 6)):
        row = DOSSIERS[dossier_id]
        cell = {k: row[k] for k in ("receiver", "authority", "handler")}
        cell |= {"received_day": dt.date(2024, 3, day), "n": 1}
        late_from = row.get("national_late_from", NEVER)
        insert(client, "national_days", {**key(dossier_id), **cell, "late_from": late_from})
        derived = {"received_day": cell["received_day"], "unit": row["authority"], "n": 1}
        insert(client, "national_unit_days", {**derived, "late_from": late_from, "version": 1})
    leg = {"unit": "u", "field": "f"}
    insert(
        client,
        "leg_days",
        {**key(OPEN), **leg, "day": dt.date(2024, 3, 5), "started": 1},
        {**key(STOPPED), **leg, "day": dt.date(2024, 3, 6), "started": 1},
        {**key(STOPPED), **leg, "day": dt.date(2024, 3, 8), "late": 1},
    )
    insert(
        client,
        "open_legs",
        {**key(OPEN), **leg, "alarm_minute": at("2024-03-09 00:00"), "n": 1},
    )
    log.store(client)
    return log
