"""Reads a file of events, whatever its format, line by line."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

import orjson

from ioc.national.reader import NationalReader
from ioc.replay.item import Item, item_of_event, item_of_events
from ioc.replay.tables import read_csv, read_excel
from schemas.errors import ConfigurationError, RejectError

MAX_LINE_BYTES = 8 * 1024 * 1024
_FORMATS = (".ndjson", ".jsonl", ".json", ".csv", ".tsv", ".xlsx")


def read_file(path: Path, national: NationalReader, *, after_line: int = 0) -> Iterator[Item]:
    """Yield what every line of a file holds; empty lines are left out.

    Args:
        path: NDJSON, CSV or Excel of events, or JSON and NDJSON of national messages; each
            also as ``.gz``. The suffix decides, and for JSON the content.
        national: knows what the national messages mean.
        after_line: lines up to this one are skipped without a look at their events.

    Raises:
        ConfigurationError: the suffix is unknown, the file cannot be read, or a table has no
            usable header.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes]
    packed = suffixes[-1:] == [".gz"]
    kind = (suffixes[-2:-1] if packed else suffixes[-1:]) or [""]
    if kind[0] not in _FORMATS:
        known = ", ".join(_FORMATS)
        raise ConfigurationError(f"{path}: cannot tell the format; name it {known}, perhaps .gz")
    try:
        with _open(path, packed=packed) as file:
            if kind[0] == ".xlsx":
                items = read_excel(file, after_line)
            elif kind[0] in (".csv", ".tsv"):
                items = read_csv(file, after_line)
            else:
                items = _read_json(file, national, after_line, whole=kind[0] == ".json")
            yield from items
    except (OSError, EOFError) as error:
        raise ConfigurationError(f"{path}: cannot read the file ({error})") from error


def _open(path: Path, *, packed: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _read_json(
    file: IO[bytes], national: NationalReader, after_line: int, *, whole: bool
) -> Iterator[Item]:
    if whole:
        text = file.read().removeprefix(b"\xef\xbb\xbf")
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError:
            # Many systems call NDJSON .json.
            yield from _read_lines(iter(text.splitlines()), national, after_line)
            return
        for number, entry in enumerate(national.entries(document), start=1):
            if number > after_line:
                yield _of_object(number, entry, orjson.dumps(entry), national)
        return
    yield from _read_lines(_bounded(file), national, after_line)


def _bounded(file: IO[bytes]) -> Iterator[bytes | None]:
    """Yield lines, None for one that is too long to be held."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = file.readline(MAX_LINE_BYTES)
        yield None


def _read_lines(
    lines: Iterator[bytes] | Iterator[bytes | None], national: NationalReader, after_line: int
) -> Iterator[Item]:
    for number, line in enumerate(lines, start=1):
        if number <= after_line:
            continue
        if line is None:
            limit = MAX_LINE_BYTES >> 20
            error = RejectError("too_long", f"the line is longer than {limit} MB", value=str(limit))
            yield Item(number, (), (error,), b"")
            continue
        value = line.strip()
        if number == 1:
            value = value.removeprefix(b"\xef\xbb\xbf")
        if not value:
            continue
        # The field that every national entry has: other lines need not be parsed twice.
        if b'"MaHoSo"' not in value:
            yield item_of_event(number, value)
            continue
        try:
            document = orjson.loads(value)
        except orjson.JSONDecodeError:
            yield item_of_event(number, value)
            continue
        yield _of_object(number, document, value, national)


def _of_object(number: int, document: object, original: bytes, national: NationalReader) -> Item:
    if not national.is_national(document):
        return item_of_event(number, original)
    events, rejects = national.read(document)
    return item_of_events(number, events, rejects, original)
