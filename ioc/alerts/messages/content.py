"""A message before it becomes plain text or HTML: what stands in it, in which order."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """One alert, or one line of a digest.

    Attributes:
        line: what it says.
        facts: name and text.
        details: what people said, and the like.
        figure: a number that belongs to it, with its change; both may be empty.
        link: where to answer; empty = nowhere.
    """

    line: str
    facts: tuple[tuple[str, str], ...] = ()
    details: tuple[str, ...] = ()
    figure: str = ""
    change: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the large numbers of a digest."""

    name: str
    value: str
    change: str = ""
    is_bad: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A message.

    Attributes:
        subject: one line.
        title: heading of the mail.
        greeting: whom it is for.
        lead: paragraphs before the entries.
        figures: large numbers, at most four.
        heading: of the entries.
        entries: alerts or lines.
        more: how many there are beyond the entries, as a sentence.
        codes: of the files beyond the entries.
        notes: paragraphs after the entries.
        link, link_text: where to answer all of it.
        footer: small print.
    """

    subject: str
    title: str
    greeting: str
    lead: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    heading: str = ""
    entries: tuple[Entry, ...] = ()
    more: str = ""
    codes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    link: str = ""
    link_text: str = ""
    footer: tuple[str, ...] = ()
