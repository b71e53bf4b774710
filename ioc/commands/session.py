"""What every command shares: language, console, data folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from ioc.data_folder import DEFAULT_FOLDER, attach
from schemas.messages import Worded


@dataclass
class Session:
    """One call of the command line."""

    language: str
    folder: Path = DEFAULT_FOLDER
    out: Console = field(default_factory=lambda: Console(highlight=False))

    def say(self, text: Worded, style: str = "", **values: object) -> None:
        """Write one text of the catalogue."""
        message = escape(text.in_language(self.language, **values))
        self.out.print(f"[{style}]{message}[/]" if style else message)

    def text(self, text: Worded, **values: object) -> str:
        """Return one text of the catalogue."""
        return text.in_language(self.language, **values)

    def attach(self) -> None:
        """Use the engines of an `ioc up` that runs on the data folder, if no others are set."""
        attach(self.folder)


def session_of(context: typer.Context) -> Session:
    """Return the session that the main callback made."""
    session = context.find_object(Session)
    if session is None:
        raise RuntimeError("the command runs outside of ioc.cli")
    return session
