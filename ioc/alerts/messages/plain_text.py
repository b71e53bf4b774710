"""A message as plain text: for readers without HTML, for Zalo and the like."""

from __future__ import annotations

from ioc.alerts.messages.content import Content, Entry

#: Alerts that a text outside of mail writes out: a screen of a phone.
MOST_IN_CHAT = 8


def plain_text(content: Content, most_entries: int | None = None) -> str:
    """Return the whole message, or one with the first entries only."""
    shown = content.entries[:most_entries]
    parts = [content.greeting, content.title, *content.lead]
    if content.figures:
        parts.append(
            "\n".join(
                f"{each.name}: {each.value}" + (f" ({each.change})" if each.change else "")
                for each in content.figures
            )
        )
    if content.heading:
        parts.append(content.heading)
    is_list = len(shown) > 1
    parts += [_entry(entry, at if is_list else 0) for at, entry in enumerate(shown, start=1)]
    if len(shown) < len(content.entries):
        parts.append("…")
    parts.append(content.more)
    if content.codes and most_entries is None:
        parts.append("\n".join(content.codes))
    parts += content.notes
    if content.link:
        parts.append(f"{content.link_text}: {content.link}")
    parts.append("\n".join(("--", *content.footer)))
    return "\n\n".join(part for part in parts if part) + "\n"


def _entry(entry: Entry, number: int) -> str:
    lines = []
    if entry.line:
        figure = f": {entry.figure}" if entry.figure else ""
        changed = f" ({entry.change})" if entry.change else ""
        lines.append(f"{f'{number}. ' if number else ''}{entry.line}{figure}{changed}")
    indent = "   " if number else ""
    lines += [f"{indent}{name}: {text}" for name, text in entry.facts]
    lines += [f"{indent}{text}" for text in entry.details]
    if entry.link:
        lines.append(f"{indent}{entry.link}")
    return "\n".join(lines)
