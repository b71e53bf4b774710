"""Reads what a person hands over: files and standard input, into the spool."""

from __future__ import annotations

import csv
import io
import json
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, Union

from ioc.desk.client.errors import DeskError, SettingsError
from ioc.desk.client.item import Item, Kind, items_of
from ioc.desk.client.spool import Spool
from schemas.desk_texts import DeskText

MOST_LINE_BYTES = 8_000_000
_GROUP_ITEMS = 500
_LINES_WAIT_SECONDS = 0.05
_REQUIRED_COLUMNS = ("event_id", "source", "dossier_id", "status", "occurred_at")
_NUMBERS = frozenset({"status", "sequence", "channel", "schema_version"})

#: Items of one line, or why there are none and what stood there.
Read = Union[list[Item], tuple[DeskError, bytes]]


class Intake(NamedTuple):
    """What was read: new items, ones that waited already, lines that cannot be sent."""

    taken: int = 0
    again: int = 0
    bad: int = 0


#: Reads a file into the spool; see `take_file`.
TakeFile = Callable[[Spool, Path], Intake]


def take_file(spool: Spool, path: Path) -> Intake:
    """Read a file into the spool; a line that cannot be read is kept among the rejected ones.

    Interrupted anywhere and called again, it takes nothing twice that still waits; what was sent
    meanwhile is sent again, which the gateway recognises.

    Raises:
        SettingsError: the file cannot be read, or is of no known format.
        SpoolFullError: there is no room; what was taken before stays.
    """
    kind = path.suffix.lower()
    try:
        with path.open("rb") as file:
            if kind in (".ndjson", ".jsonl"):
                return _take(spool, (_line(line) for line in _lines(file)))
            if kind == ".json":
                return _take(spool, _whole(file.read()))
            if kind == ".csv":
                return _take(spool, _rows(file, path))
    except OSError as error:
        raise SettingsError(DeskText.NO_FILE, path=path, reason=error.strerror) from None
    raise SettingsError(DeskText.BAD_FORMAT, path=path)


def take_stream(spool: Spool, stream: IO[bytes]) -> Intake:
    """Read lines as they come; what has come is on the disk within a fraction of a second.

    Raises:
        SpoolFullError: as `take_file`.
    """
    waiting: queue.Queue[bytes | None] = queue.Queue(maxsize=4 * _GROUP_ITEMS)

    def read() -> None:
        for line in _lines(stream):
            waiting.put(line)
        waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    done = Intake()
    open_ = True
    while open_:
        group: list[Read] = []
        line = waiting.get()
        while line is not None and len(group) < _GROUP_ITEMS:
            group.append(_line(line))
            try:
                line = waiting.get(timeout=_LINES_WAIT_SECONDS)
            except queue.Empty:
                break
        else:
            open_ = line is not None
            if line is not None:
                group.append(_line(line))
        done = _add(spool, group, done)
    return done


def _take(spool: Spool, found: Iterable[Read]) -> Intake:
    done = Intake()
    group: list[Read] = []
    for read in found:
        group.append(read)
        if len(group) >= _GROUP_ITEMS:
            done = _add(spool, group, done)
            group = []
    return _add(spool, group, done)


def _add(spool: Spool, group: list[Read], done: Intake) -> Intake:
    items = [item for read in group if isinstance(read, list) for item in read]
    taken = spool.add(items) if items else 0
    bad = [read for read in group if isinstance(read, tuple)]
    for why, line in bad:
        answer = {
            "code": "not_json" if why.text is DeskText.NOT_JSON else "too_long",
            "message": {language: why.in_language(language) for language in ("vi", "en")},
        }
        spool.add_rejected(Item(Kind.UNREADABLE, line), answer)
    return Intake(done.taken + taken, done.again + len(items) - taken, done.bad + len(bad))


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    """Yield lines; one that is too long is cut one byte after the limit, its rest is left out."""
    first = True
    while True:
        line = file.readline(MOST_LINE_BYTES + 2)
        if not line:
            return
        end = line
        while len(end) and not end.endswith(b"\n") and len(line) > MOST_LINE_BYTES:
            end = file.readline(MOST_LINE_BYTES)
        if first:
            first = False
            if line.startswith(b"\xef\xbb\xbf"):
                line = line[3:]
        line = line.strip()
        if line:
            yield line


def _line(line: bytes) -> Read:
    if len(line) > MOST_LINE_BYTES:
        limit = MOST_LINE_BYTES // 1_000_000
        return DeskError(DeskText.TOO_LONG, limit=limit), line[:1000]
    try:
        return items_of(json.loads(line.decode("utf-8")))
    except (ValueError, RecursionError):
        return DeskError(DeskText.NOT_JSON), line


def _whole(text: bytes) -> Iterator[Read]:
    """Read a file that is one JSON value, or lines: many systems call NDJSON .json."""
    try:
        document = json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        for line in _lines(io.BytesIO(text)):
            yield _line(line)
        return
    for part in document if isinstance(document, list) else [document]:
        try:
            yield items_of(part)
        except ValueError:
            yield DeskError(DeskText.NOT_JSON), json.dumps(part).encode("utf-8")


def _rows(file: IO[bytes], path: Path) -> Iterator[Read]:
    """Read a table whose columns are named as the event's fields."""
    with io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="") as text:
        header = text.readline()
        separator = max(",;\t", key=header.count)
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
        if not set(_REQUIRED_COLUMNS) <= set(names):
            raise SettingsError(
                DeskText.NO_COLUMNS, path=path, columns=", ".join(_REQUIRED_COLUMNS)
            )
        for row in csv.reader(text, delimiter=separator):
            if any(cell.strip() for cell in row):
                yield items_of(_event(dict(zip(names, row))))


def _event(cells: dict[str, str]) -> dict[str, Any]:
    event: dict[str, Any] = {}
    for name, cell in cells.items():
        text = cell.strip()
        if not text:
            continue
        if name in _NUMBERS and text.isdigit() and text.isascii():
            event[name] = int(text)
        elif name == "backfill":
            event[name] = text.lower() in ("1", "true")
        else:
            event[name] = text
    return event
