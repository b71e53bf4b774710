"""Asks the gateway how what the desk holds differs from what the IOC has."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from ioc.desk.client.options import Options
from schemas.errors import ConfigurationError, RejectError, RetryError

_ID_NAMES, _STATUS_NAMES = ("dossier_id", "MaHoSo"), ("status", "TrangThaiHoSo")
_RETRY = (429, 502, 503, 504)


def read_held(path: Path) -> list[dict[str, Any]]:
    """Return the dossiers of a file: JSON, NDJSON or CSV, with id and status.

    Columns and fields are `dossier_id` and `status`, or `MaHoSo` and `TrangThaiHoSo`.

    Raises:
        ConfigurationError: the file cannot be read; names the line and what is missing.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read ({error})") from None
    held = []
    for number, row in _rows(path, text):
        dossier_id, status = (
            next((row[name] for name in names if row.get(name) not in (None, "")), None)
            for names in (_ID_NAMES, _STATUS_NAMES)
        )
        code = str(status).strip()
        if dossier_id is None or not (code.isascii() and code.isdigit() and 1 <= int(code) <= 10):
            raise ConfigurationError(
                f"{path}:{number}: dossier_id (MaHoSo) and status 1-10 (TrangThaiHoSo) are needed"
            )
        held.append({"dossier_id": str(dossier_id).strip(), "status": int(code)})
    return held


def ask(
    options: Options, held: list[dict[str, Any]], from_day: dt.date, to_day: dt.date
) -> dict[str, Any]:
    """Return the gateway's answer; blocks until it comes.

    Raises:
        RetryError: the gateway does not answer now.
        RejectError: it refuses, with its own words.
        DeskError: address or key is missing or wrong.
    """
    options = options._replace(timeout_seconds=max(options.timeout_seconds, 60.0))
    body = json.dumps({"from": str(from_day), "to": str(to_day), "dossiers": held})
    try:
        answer = httpx.post(
            options.checked_url() + "/v1/reconcile",
            content=gzip.compress(body.encode()),
            headers={
                "Authorization": f"Bearer {options.secret()}",
                "Content-Type": "application/json",
                "Content-Encoding": "gzip",
            },
            timeout=options.timeout_seconds,
            verify=str(options.ca_file) if options.ca_file else True,
        )
    except httpx.HTTPError as error:
        raise RetryError(f"{options.url}: {error}") from None
    document = _document(answer)
    if answer.status_code == 200:
        return document
    said = str(document.get("detail") or answer.status_code)
    if answer.status_code in _RETRY:
        raise RetryError(said)
    raise RejectError(str(document.get("code") or answer.status_code), said)


def _document(answer: httpx.Response) -> dict[str, Any]:
    try:
        document = answer.json()
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _rows(path: Path, text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if path.suffix.lower() == ".csv":
        header = text.partition("\n")[0]
        separator = max(",;\t", key=header.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        for row in reader:
            yield reader.line_num, row
        return
    try:
        whole = json.loads(text)
    except ValueError:
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, _object(path, number, line)
        return
    if isinstance(whole, dict):
        whole = whole.get("data") or whole.get("dossiers") or [whole]
    for number, row in enumerate(whole if isinstance(whole, list) else [whole], 1):
        if not isinstance(row, dict):
            raise ConfigurationError(f"{path}:{number}: not a JSON object")
        yield number, row


def _object(path: Path, number: int, line: str) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError:
        row = None
    if not isinstance(row, dict):
        raise ConfigurationError(f"{path}:{number}: not a JSON object")
    return row
