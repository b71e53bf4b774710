"""What `ioc up` shows: changes as lines, long waits as a moving line, the table of parts."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from ioc.supervisor.keeper import Change, Keeper
from ioc.supervisor.part import State
from schemas.messages import Text, Worded

_REPORT_SECONDS = 10
_STATES = {
    State.STARTING: (Text.STATE_STARTING, "yellow"),
    State.READY: (Text.STATE_READY, "green"),
    State.UNHEALTHY: (Text.STATE_UNHEALTHY, "red"),
    State.WAITING: (Text.STATE_WAITING, "red"),
    State.STOPPED: (Text.STATE_STOPPED, "dim"),
}


class View:
    """Writes to one console; a moving line is used only where a person watches."""

    def __init__(self, console: Console, language: str) -> None:
        self._console = console
        self._language = language
        self._status: Status | None = None
        self._ready_before: set[str] = set()
        self._last_report = time.monotonic()

    def line(self, text: Worded, style: str = "", **values: object) -> None:
        """Write one line with the time of day."""
        message = text.in_language(self._language, **values)
        now = dt.datetime.now().astimezone().strftime("%H:%M:%S")
        self._console.print(f"[dim]{now}[/dim] [{style or 'default'}]{escape(message)}[/]")

    def change(self, change: Change) -> None:
        """Tell a part's change of state."""
        part, state = change.part.name, change.state
        if state is State.STARTING and part not in self._ready_before:
            self.line(Text.PART_STARTING, part=part)
        elif state is State.READY:
            again = part in self._ready_before
            self._ready_before.add(part)
            self.line(Text.PART_READY_AGAIN if again else Text.PART_READY, "green", part=part)
        elif state is State.UNHEALTHY:
            self.line(Text.PART_UNHEALTHY, "yellow", part=part)
        elif state is State.WAITING:
            seconds = f"{change.wait_seconds:g}"
            self.line(Text.PART_RESTARTING, "red", part=part, reason=change.reason, seconds=seconds)
        elif state is State.STOPPED and change.reason:
            self.line(Text.PART_GIVEN_UP, "bold red", part=part, reason=change.reason)
        elif state is State.STOPPED:
            self.line(Text.PART_STOPPED, part=part)

    def waiting_for(self, keepers: Iterable[Keeper]) -> None:
        """Show which parts are still awaited; call it a few times a second."""
        now = time.monotonic()
        waited = [
            Text.PART_STILL_STARTING.in_language(
                self._language,
                part=keeper.part.name,
                seconds=int(now - keeper.started_at),
            )
            for keeper in keepers
            if not keeper.ready.is_set()
        ]
        if self._console.is_terminal:
            text = escape(" · ".join(waited))
            if self._status is None:
                self._status = self._console.status(text)
                self._status.start()
            self._status.update(text)
        elif now - self._last_report >= _REPORT_SECONDS:
            self._last_report = now
            for line in waited:
                self._console.print(escape(line))

    def done_waiting(self) -> None:
        """Take the moving line away."""
        self._last_report = time.monotonic()
        if self._status is not None:
            self._status.stop()
            self._status = None

    def table(self, keepers: Iterable[Keeper], external: Iterable[tuple[str, str]]) -> None:
        """Show what runs where; `external` are servers that somebody else runs."""
        table = Table(title=self._text(Text.TABLE_TITLE))
        for column in (
            Text.COLUMN_PART,
            Text.COLUMN_STATE,
            Text.COLUMN_ADDRESS,
            Text.COLUMN_PID,
            Text.COLUMN_LOG,
        ):
            table.add_column(self._text(column), overflow="fold")
        for name, address in external:
            table.add_row(name, self._text(Text.STATE_EXTERNAL), escape(address), "", "")
        for keeper in keepers:
            text, style = _STATES[keeper.state]
            part = keeper.part
            table.add_row(
                part.name,
                f"[{style}]{self._text(text)}[/]",
                escape(part.address),
                str(part.pid or ""),
                escape(_short(part.log)),
            )
        self._console.print(table)

    def _text(self, text: Text) -> str:
        return text.in_language(self._language)


def _short(path: Path) -> str:
    """Return the path as seen from the working folder, where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
