"""Why the client refuses something; each carries a text for people in both languages."""

from __future__ import annotations

from schemas.messages import Worded


class DeskError(Exception):
    """Base of what the client refuses.

    Attributes:
        text: the catalogue's sentence.
        values: what fills its placeholders.
    """

    def __init__(self, text: Worded, **values: object) -> None:
        super().__init__(text.in_language("en", **values))
        self.text = text
        self.values = values

    def in_language(self, language: str) -> str:
        """Return the sentence for people."""
        return self.text.in_language(language, **self.values)


class SpoolFullError(DeskError):
    """The spool holds as much as it may; nothing of the refused call was taken."""


class SettingsError(DeskError):
    """An address, key, folder or file is wrong; the sentence names it and the cure."""


class BusyError(DeskError):
    """Another process sends from this spool already."""
