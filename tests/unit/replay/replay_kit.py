"""Small helpers of the reader tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson

from ioc.national.reader import NationalReader
from ioc.replay.files import read_file
from ioc.replay.item import Item
from schemas.reference import UnitRegistry

NATIONAL = NationalReader(UnitRegistry.load(), "motcua-thu")


def event(number: int = 1, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "source": "motcua-thu",
        "dossier_id": f"000.25.28.H28-240903-{number:04d}",
        "status": 2,
        "occurred_at": "2024-09-03T08:15:00+07:00",
    } | changes


def read(path: Path, after_line: int = 0) -> list[Item]:
    return list(read_file(path, NATIONAL, after_line=after_line))


def events_of(items: list[Item]) -> list[dict[str, Any]]:
    return [orjson.loads(record.value) for item in items for record in item.records]


def faults(items: list[Item]) -> list[tuple[int, str, str]]:
    return [(item.line, error.code, error.field) for item in items for error in item.rejects]
