"""Rejected items as a file that people mend, and back."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ioc.desk.client.errors import SettingsError
from ioc.desk.client.item import Item, Kind, items_of, to_line
from ioc.desk.client.spool import Rejected, Spool
from schemas.desk_texts import DeskText

#: The field of a line that holds what is sent, by kind.
_FIELD = {Kind.EVENT: "event", Kind.NATIONAL: "entry", Kind.UNREADABLE: "text"}


def write_rejects(spool: Spool, path: Path) -> int:
    """Write one JSON line for each rejected item: number, reason, and the item itself.

    The items stay in the spool until they are mended. Only the owner may read the file.

    Raises:
        SettingsError: the file cannot be written.
    """
    count = 0
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
            for one in spool.rejected():
                file.write(to_line(_line(one)) + b"\n")
                count += 1
    except OSError as error:
        raise SettingsError(DeskText.NO_FILE, path=path, reason=error.strerror) from None
    return count


def mend(spool: Spool, path: Path) -> tuple[int, int]:
    """Put the mended lines of such a file back into the spool; return how many, and how many not.

    A line that nobody changed is sent again as it is: maybe the fault was at the other end.

    Raises:
        SettingsError: the file cannot be read.
        SpoolFullError: there is no room.
    """
    mended = bad = 0
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise SettingsError(DeskText.NO_FILE, path=path, reason=error.strerror) from None
    for line in lines:
        if not line.strip():
            continue
        found = _mended(line)
        if found is not None and spool.mend(*found):
            mended += 1
        else:
            bad += 1
    return mended, bad


def _line(one: Rejected) -> dict[str, Any]:
    text = one.item.body.decode("utf-8", "replace")
    what: Any = text if one.item.kind is Kind.UNREADABLE else json.loads(text)
    return {"spool_id": one.id, **one.answer, _FIELD[one.item.kind]: what}


def _mended(line: bytes) -> tuple[int, Item] | None:
    try:
        document = json.loads(line.decode("utf-8-sig"))
        number = document["spool_id"]
        for name in _FIELD.values():
            if name in document:
                given = document[name]
                items = items_of(json.loads(given) if isinstance(given, str) else given)
                if len(items) == 1 and isinstance(number, int):
                    return number, items[0]
    except (ValueError, KeyError, TypeError, RecursionError):
        pass
    return None
