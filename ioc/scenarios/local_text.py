"""Epoch seconds as local text, quickly: a scenario writes two million times."""

from __future__ import annotations

from functools import cache, lru_cache

from schemas.calendar import date_of_day

_OFFSET = 7 * 3600
_DAY = 86_400


@cache
def _clock_texts() -> tuple[str, ...]:
    return tuple(
        f"T{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}+07:00"
        for second in range(_DAY)
    )


@lru_cache(maxsize=4096)
def _day_text(day: int) -> str:
    return date_of_day(day).isoformat()


def iso(epoch: int) -> str:
    """Return e.g. ``2024-09-03T08:15:00+07:00``."""
    day, second = divmod(epoch + _OFFSET, _DAY)
    return _day_text(day) + _clock_texts()[second]


@lru_cache(maxsize=4096)
def code_date(day: int) -> str:
    """Return the date as dossier codes carry it, yyMMdd."""
    return date_of_day(day).strftime("%y%m%d")
