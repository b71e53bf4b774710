"""Marks: "called, waiting", set by an operator on a unit or a dossier, seen by everyone."""

from __future__ import annotations

import re
import threading
import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from dashboards.query import Query
from ioc.warehouse import connect_writer
from schemas.errors import ConfigurationError, RejectError, RetryError
from schemas.settings import ClickHouseSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

KINDS = ("unit", "dossier")
MAX_NOTE_LENGTH = 200
_MAX_SUBJECT_LENGTH = 128
#: Telephone and identity numbers have nine digits and more, also when written in groups.
_PERSONAL = re.compile(r"(?:\d[\s.\-]?){9,}|[^\s@]+@[^\s@]+\.[^\s@]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_TIMEOUT_SECONDS = 5.0


@cache
def active_marks() -> Query:
    """The query for marks that stand now."""
    text = resources.files("ioc.wall").joinpath("sql", "active_marks.sql").read_text("utf-8")
    return Query("active_marks", text, frozenset({"now"}))


def visible_marks(marks: Iterable[dict[str, Any]], private: bool) -> list[dict[str, Any]]:
    """Return those that a view may show: marks of dossiers only to people who signed in."""
    return [mark for mark in marks if private or mark["kind"] == "unit"]


@dataclass(frozen=True, slots=True)
class Mark:
    """What somebody says about a unit or a dossier, for some hours."""

    kind: str
    subject: str
    note: str
    author: str
    hours: float


def check_mark(given: Any, author: str, max_hours: float) -> Mark:
    """Return the mark that a request describes.

    Raises:
        RejectError: `bad_mark`, or `personal_data` for a note with a long number or an address.
    """
    if not isinstance(given, dict):
        raise RejectError("bad_mark", "an object is needed")
    kind, subject, note = (given.get(name) for name in ("kind", "subject", "note"))
    hours = given.get("hours")
    if kind not in KINDS:
        raise RejectError("bad_mark", f"kind: {' | '.join(KINDS)}", field="kind")
    if not isinstance(subject, str) or not 0 < len(subject) <= _MAX_SUBJECT_LENGTH:
        raise RejectError("bad_mark", "subject: a code", field="subject")
    if not isinstance(note, str) or len(note) > MAX_NOTE_LENGTH:
        raise RejectError("bad_mark", f"note: at most {MAX_NOTE_LENGTH} letters", field="note")
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= max_hours:
        raise RejectError("bad_mark", f"hours: up to {max_hours:g}", field="hours")
    note = _CONTROL.sub(" ", note).strip()
    if _PERSONAL.search(note):
        raise RejectError("personal_data", "the note seems to hold personal data", field="note")
    return Mark(kind, _CONTROL.sub("", subject), note, author, hours)


class MarkStore:
    """Writes marks as the user that may; one at a time. Methods block, for threads."""

    def __init__(self, settings: ClickHouseSettings) -> None:
        seconds = min(settings.timeout_seconds, _TIMEOUT_SECONDS)
        self._settings = settings.model_copy(update={"timeout_seconds": seconds})
        self._lock = threading.Lock()
        self._client: Client | None = None

    def add(self, mark: Mark) -> str:
        """Store a mark; return its id.

        Raises:
            RetryError: it is not stored.
        """
        now_ms = time.time_ns() // 1_000_000
        mark_id = uuid.uuid4().hex
        self._run(
            "INSERT INTO marks SELECT {mark_id:String}, {kind:String}, {subject:String},"
            " {note:String}, {author:String}, fromUnixTimestamp64Milli({now_ms:Int64}),"
            " {expires_at:Int64}, 0, '', {now_ms:Int64}",
            {
                "mark_id": mark_id,
                "kind": mark.kind,
                "subject": mark.subject,
                "note": mark.note,
                "author": mark.author,
                "now_ms": now_ms,
                "expires_at": now_ms // 1000 + int(mark.hours * 3600),
            },
        )
        return mark_id

    def end(self, kind: str, subject: str, who: str) -> None:
        """Take away every mark of a subject that stands; harmless if there is none.

        Raises:
            RetryError: it is not stored.
        """
        self._run(
            "INSERT INTO marks SELECT mark_id, kind, subject, note, author, made_at, expires_at,"
            " intDiv({now_ms:Int64}, 1000), {who:String}, {now_ms:Int64} FROM marks FINAL"
            " WHERE toString(kind) = {kind:String} AND subject = {subject:String}"
            " AND ended_at = 0 AND expires_at > intDiv({now_ms:Int64}, 1000)",
            {
                "now_ms": time.time_ns() // 1_000_000,
                "who": who,
                "kind": kind,
                "subject": subject,
            },
        )

    def _run(self, statement: str, values: dict[str, Any]) -> None:
        from clickhouse_connect.driver.exceptions import Error  # noqa: PLC0415 - 0.3 s

        with self._lock:
            try:
                if self._client is None:
                    self._client = connect_writer(self._settings)
                self._client.command(statement, parameters=values)
            except (Error, OSError, ConfigurationError) as error:
                self._client = None
                raise RetryError(f"the mark is not stored: {error}") from error
