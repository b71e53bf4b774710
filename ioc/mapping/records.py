"""Cuts a body or a file into the records that a mapping reads."""

from __future__ import annotations

import csv
import io
from typing import Any

import orjson

from ioc.mapping.model import MappingFile
from schemas.errors import RejectError


def records_of(mapping: MappingFile, body: bytes) -> list[Any]:
    """Return the records, in order; they may be anything at all where the shape is JSON.

    Raises:
        RejectError: `not_json`, or `bad_value` for a table that is none.
    """
    if mapping.shape == "csv":
        return _rows(mapping, body)
    try:
        document = orjson.loads(body.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        try:
            document = [orjson.loads(line) for line in body.splitlines() if line.strip()]
        except orjson.JSONDecodeError as error:
            raise RejectError("not_json", str(error)[:120]) from None
    for name in mapping.records.split(".") if mapping.records else ():
        document = document.get(name) if isinstance(document, dict) else None
    if isinstance(document, list):
        return document
    return [] if document is None else [document]


def _rows(mapping: MappingFile, body: bytes) -> list[Any]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RejectError("bad_value", "the table is not UTF-8", field="table") from None
    header = text.partition("\n")[0]
    delimiter = mapping.delimiter or max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [name.strip() for name in next(reader, [])]
        wanted = mapping.places()
        if not wanted & set(names):
            known = ", ".join(sorted(wanted))[:200]
            raise RejectError("missing_field", f"no column of: {known}", field=known)
        return [dict(zip(names, row, strict=False)) for row in reader if any(row)]
    except csv.Error as error:
        raise RejectError("bad_value", str(error), field="table") from None
