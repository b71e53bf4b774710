"""In what a stored resource differs from the wanted one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_ABSENT = "∅"
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """One place and its two values, shortened for people."""

    place: str
    before: str
    after: str


def differences(stored: Any, wanted: Any, place: str = "") -> Iterator[Difference]:
    """Yield where the stored one lacks or contradicts the wanted one.

    What only the stored one has does not count: Grafana adds ids, versions and defaults of its own.
    An empty value and an absent one are the same.
    """
    if isinstance(wanted, dict) and isinstance(stored, dict):
        for name, value in wanted.items():
            yield from differences(stored.get(name), value, f"{place}.{name}" if place else name)
    elif isinstance(wanted, list) and isinstance(stored, list) and len(stored) == len(wanted):
        for number, (before, after) in enumerate(zip(stored, wanted, strict=True)):
            yield from differences(before, after, f"{place}[{_label(after, number)}]")
    elif stored != wanted and not (_empty(stored) and _empty(wanted)):
        yield Difference(place, _short(stored), _short(wanted))


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {}) or value is False


def _label(value: Any, number: int) -> str:
    if isinstance(value, dict):
        for name in ("title", "name", "refId", "value"):
            if isinstance(value.get(name), str) and value[name]:
                return str(value[name])
    return str(number)


def _short(value: Any) -> str:
    if value is None:
        return _ABSENT
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
