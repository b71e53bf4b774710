"""Single fields of the national messages: texts, times, agency names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from schemas.errors import RejectError
from schemas.reference import UnitRegistry

_LOCAL = timezone(timedelta(hours=7))
_DIGITS = re.compile(r"[0-9]{14}")
_SHOWN_CHARACTERS = 40


def text(entry: Mapping[str, Any], name: str) -> str | None:
    """Return a scalar as text, None if it is missing or empty (systems send both)."""
    value = entry.get(name)
    if value is None or isinstance(value, dict | list):
        return None
    return str(value).strip() or None


def moment(
    entry: Mapping[str, Any], name: str, *, required: bool = False, iso: bool = False
) -> str | None:
    """Return a time as ISO 8601 with offset; the messages carry local time without one.

    Args:
        entry: the object that has the field.
        name: the field.
        required: whether it must be there.
        iso: whether ISO text is allowed too, as in the lists of supplements.

    Raises:
        RejectError: ``bad_time``, or ``missing_field``.
    """
    given = text(entry, name)
    if given is None:
        if required:
            raise RejectError("missing_field", f"{name}: required", field=name)
        return None
    try:
        if _DIGITS.fullmatch(given):
            return datetime.strptime(given + "+0700", "%Y%m%d%H%M%S%z").isoformat()
        if iso:
            parsed = datetime.fromisoformat(given)
            return (parsed if parsed.tzinfo else parsed.replace(tzinfo=_LOCAL)).isoformat()
    except ValueError:
        pass
    shown = given[:_SHOWN_CHARACTERS]
    raise RejectError(
        "bad_time", f'{name}: "{shown}" is not yyyyMMddHHmmss', field=name, value=shown
    )


def unit_code(units: UnitRegistry, entry: Mapping[str, Any], name: str, source: str) -> str | None:
    """Return the code of the unit that an agency name means.

    Raises:
        RejectError: ``unknown_unit`` or ``ambiguous_unit``; a name is never guessed.
    """
    given = text(entry, name)
    if given is None:
        return None
    try:
        return units.by_name(given, source=source).code
    except RejectError as error:
        raise RejectError(error.code, f"{name}: {error}", field=name, value=error.value) from None
