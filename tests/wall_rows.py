"""Rows that fill every panel of every board, beside the hand-counted ones of `wall_seed`.

Forty open dossiers at the communes of Hòa Bình city, one of them with a whole history; days by
unit, field and channel; alerts, sources, unreadable records. What the figures are is no matter
here: `tests/contract/test_panels.py` counts them.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from clickhouse_connect.driver.client import Client
from wall_seed import HOUR, NOW

from schemas.events.shard import shard_of
from schemas.reference import UnitRegistry

DAY = 86_400
#: Its events, pauses, legs and apology are all there.
STORIED = "000.25.28.H28-240901-0003"
CITY = "148"
COMMUNE = "04792"


def communes() -> list[str]:
    return [unit.code for unit in UnitRegistry.load().children(CITY, dt.date(2024, 9, 30))]


def seed_rows(client: Client) -> None:
    _dossiers(client)
    _events(client)
    _days(client)
    _operations(client)


def _insert(client: Client, table: str, rows: list[dict[str, Any]]) -> None:
    client.insert(table, [list(row.values()) for row in rows], column_names=list(rows[0]))


def _dossier(number: int, unit: str) -> dict[str, Any]:
    dossier_id = STORIED if number == 0 else f"H28.148-2409{number % 28 + 1:02d}-{number:04d}"
    received = NOW - (30 - number % 20) * DAY
    alarm = NOW + (number - 25) * 6 * HOUR
    return {
        "shard": shard_of(dossier_id), "dossier_id": dossier_id, "version": 1 << 32 | 5,
        "position": 1, "phase": "processing", "status": 4, "live": 1, "received": 1,
        "receiver": unit, "authority": unit, "handler": "17-SCT" if number % 7 == 0 else unit,
        "procedure": "1.900002", "field": "dat-dai" if number % 2 else "ho-tich", "channel": 2,
        "registered_at": received - 2 * HOUR, "received_at": received,
        "first_due_at": alarm - DAY, "due_at": alarm - HOUR, "apologised": number % 3 == 0,
        "alarm_at": alarm, "last_event_at": NOW - number * HOUR, "source": "mot-cua",
        "legs": [(1, unit, received, alarm - 2 * DAY, alarm - 2 * DAY, alarm),
                 (2, "17-SCT", alarm - 2 * DAY, alarm - DAY, 0, alarm - DAY)]
                if number == 0 else [],
    }  # fmt: skip


def _dossiers(client: Client) -> None:
    units = communes()
    _insert(client, "dossiers", [_dossier(n, units[n % len(units)]) for n in range(40)])


def _events(client: Client) -> None:
    def event(number: int, status: int, days_ago: float, **more: Any) -> dict[str, Any]:
        at = dt.datetime.fromtimestamp(NOW - int(days_ago * DAY), dt.UTC)
        return {
            "shard": shard_of(STORIED), "dossier_id": STORIED, "source": "mot-cua",
            "event_id": f"e{number}", "content_hash": number, "position": number, "log_at": at,
            "status": status, "occurred_at": at, "receiver": COMMUNE, "authority": COMMUNE,
            "handler": COMMUNE, "apology_at": None, "explicit_due_at": None, **more,
        }  # fmt: skip

    _insert(client, "dossier_events", [
        event(1, 1, 30), event(2, 2, 29.8), event(3, 4, 28), event(4, 5, 25), event(5, 4, 22),
        event(6, 4, 9, apology_at=NOW - 9 * DAY, explicit_due_at=NOW - 6 * DAY),
    ])  # fmt: skip


def _days(client: Client) -> None:
    rows, receivers, national = [], [], []
    for at, unit in enumerate(communes()):
        for back in range(30):
            day = dt.date(2024, 9, 30) - dt.timedelta(days=back)
            measures = {
                "received": 40 + at, "early": 20, "on_time": 12 + at % 5, "late": (at + back) % 4,
                "registered": 30, "due": 30, "due_met": 28, "returned": 20, "uncollected": 3,
            }  # fmt: skip
            for field in ("*", "dat-dai", "ho-tich"):
                for channel in (0, 1, 2):
                    rows.append({"field": field, "channel": channel, "day": day, "unit": unit,
                                 "version": 1, **measures})  # fmt: skip
            receivers.append({"day": day, "role": "receiver", "unit": unit, "version": 1,
                              **measures})  # fmt: skip
            for n, late_from in ((38, dt.date(2149, 6, 6)), (2, day)):
                national.append({"received_day": day, "unit": unit, "late_from": late_from,
                                 "version": 1, "n": n})  # fmt: skip
    _insert(client, "field_days", rows)
    _insert(client, "unit_days", receivers)
    _insert(client, "national_unit_days", national)


def _operations(client: Client) -> None:
    now = dt.datetime.now(dt.UTC)
    _insert(client, "alerts", [
        {"alert_id": f"a{n}", "rule": rule, "dossier_id": f"d{n}", "shard": n, "about_at": NOW,
         "crossed_at": NOW - n * HOUR, "raised_at": now, "receiver": unit, "authority": unit,
         "handler": unit, "leg": 0, "digest": 0}
        for n, (rule, unit) in enumerate(
            zip(("overdue", "due_soon", "receipt_overdue", "leg_overdue") * 3, communes(),
                strict=False))
    ])  # fmt: skip
    states = ("open", "explained", "acknowledged", "open", "withdrawn", "resolved")
    _insert(client, "alert_cases", [
        {"alert_id": f"a{n}", "rule": rule, "dossier_id": f"H28.148-240901-{n:04d}", "shard": n,
         "about_at": NOW, "crossed_at": NOW - n * HOUR, "unit": unit, "state": state,
         "level": n % 2, "version": 2}
        for n, (rule, unit, state) in enumerate(
            zip(("overdue", "due_soon", "receipt_overdue", "leg_overdue") * 3, communes(),
                states * 2, strict=False))
    ])  # fmt: skip
    _insert(client, "alert_answers", [
        {"alert_id": f"a{n}", "answer_id": "1", "person": "p1", "role": "authority_head",
         "kind": "explained", "cause": "waits_for_agency", "expected_on": dt.date(2024, 10, 4),
         "made_at": dt.datetime.fromtimestamp(NOW - 60, dt.UTC), "via": "wall", "version": 1}
        for n in (1, 7)
    ])  # fmt: skip
    _insert(client, "sources", [
        {"source": source, "shard": shard, "last_log_at": now, "last_occurred_at": now}
        for source in ("mot-cua", "cong-tinh") for shard in (0, 7)
    ])  # fmt: skip
    _insert(client, "dead_letters", [
        {"letter_id": f"t/0/{n}", "topic": "t", "partition": 0, "source_offset": n,
         "log_at": dt.datetime.fromtimestamp(NOW - HOUR, dt.UTC), "source": "mot-cua",
         "code": code, "reason": "bad", "sealed": "", "state": "open", "version": 1}
        for n, code in enumerate(("bad_time", "bad_status", "bad_time"))
    ])  # fmt: skip
