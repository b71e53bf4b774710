"""Single fields of the national messages: texts, times, codes, agency names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from schemas.errors import RejectError
from schemas.reference import UnitRegistry

_LOCAL = timezone(timedelta(hours=7))
_DIGITS = re.compile(r"[0-9]{14}")
_SHOWN_CHARACTERS = 40
#: Years before this one are how some systems write "no date" (0001, 1753, 1900).
_FIRST_YEAR = 1990
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def text(entry: Mapping[str, Any], name: str) -> str | None:
    """Return a scalar as text, None if it is missing or empty (systems send both)."""
    value = entry.get(name)
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).strip() or None


def dossier_code(entry: Mapping[str, Any]) -> str:
    """Return MaHoSo in one spelling: without invisible characters, with plain hyphens.

    Texts that were pasted from documents bring both, and one dossier became two by them.

    Raises:
        RejectError: ``missing_field``.
    """
    code = plain_code(text(entry, "MaHoSo") or "")
    if not code:
        raise RejectError("missing_field", "MaHoSo: required", field="MaHoSo")
    return code


def plain_code(given: str) -> str:
    """Return a dossier's code in the one spelling; empty if nothing is left of it."""
    if given.isascii():  # nearly all: a twentieth of the time of what follows
        return given.strip()
    plain = unicodedata.normalize("NFKC", given.translate(_INVISIBLE)).translate(_DASHES)
    return plain.strip()


def moment(
    entry: Mapping[str, Any], name: str, *, required: bool = False, iso: bool = False
) -> str | None:
    """Return a time as ISO 8601 with offset; the messages carry local time without one.

    Args:
        entry: the object that has the field.
        name: the field.
        required: whether it must be there.
        iso: whether ISO text is allowed too, as in the lists of supplements.

    Returns:
        The time; None if it is missing, empty, or the year says "no date".

    Raises:
        RejectError: ``bad_time``, or ``missing_field``.
    """
    given = text(entry, name)
    parsed = None if given is None else _parsed(given, name, iso=iso)
    if parsed is None and required:
        raise RejectError("missing_field", f"{name}: required", field=name)
    return None if parsed is None else parsed.isoformat()


def is_no_date(entry: Mapping[str, Any], name: str) -> bool:
    """Whether a field holds a date that stands for none, such as 00010101000000."""
    given = text(entry, name)
    return (
        given is not None and _DIGITS.fullmatch(given) is not None and int(given[:4]) < _FIRST_YEAR
    )


def local_day(iso: str) -> date:
    """Return the local day of a time that `moment` returned."""
    return datetime.fromisoformat(iso).astimezone(_LOCAL).date()


def _parsed(given: str, name: str, *, iso: bool) -> datetime | None:
    try:
        if _DIGITS.fullmatch(given):
            if int(given[:4]) < _FIRST_YEAR:
                return None
            return datetime.strptime(given + "+0700", "%Y%m%d%H%M%S%z")
        if iso:
            parsed = datetime.fromisoformat(given)
            if parsed.year < _FIRST_YEAR:
                return None
            return parsed if parsed.tzinfo else parsed.replace(tzinfo=_LOCAL)
    except ValueError:
        pass
    shown = given[:_SHOWN_CHARACTERS]
    raise RejectError(
        "bad_time", f'{name}: "{shown}" is not yyyyMMddHHmmss', field=name, value=shown
    )


def status_of(entry: Mapping[str, Any], name: str) -> int:
    """Return a national status code.

    Raises:
        RejectError: ``missing_field`` or ``bad_status``.
    """
    given = text(entry, name)
    if given is None:
        raise RejectError("missing_field", f"{name}: required", field=name)
    code = given.lstrip("0") if given.isascii() and given.isdigit() else given
    if code not in {str(status) for status in range(1, 11)}:
        shown = given[:_SHOWN_CHARACTERS]
        raise RejectError(
            "bad_status", f'{name}: "{shown}" allowed are 1-10', field=name, value=shown
        )
    return int(code)


def unit_code(
    units: UnitRegistry, entry: Mapping[str, Any], name: str, source: str, day: date | None = None
) -> str | None:
    """Return the code of the unit that an agency name means, on a day if one is known.

    Raises:
        RejectError: ``unknown_unit`` or ``ambiguous_unit``; a name is never guessed.
    """
    given = text(entry, name)
    if given is None:
        return None
    try:
        return units.by_name(given, source=source, day=day).code
    except RejectError as error:
        raise RejectError(error.code, f"{name}: {error}", field=name, value=error.value) from None
