"""What the spool shows to people."""

from __future__ import annotations

import time
from typing import NamedTuple

from ioc.desk.client.spool import Spool
from schemas.desk_texts import DeskText

#: A clock that differs less than this harms nothing.
_SKEW_SECONDS = 60.0


class Line(NamedTuple):
    """One line of the status."""

    what: str
    value: str


def status_lines(spool: Spool, language: str) -> list[Line]:
    """Return the lines, in order of importance."""
    counts, facts = spool.counts(), spool.facts()
    limit = spool.max_bytes / 1_000_000
    lines = [(DeskText.STATUS_WAITING, f"{counts.waiting:,}")]
    if counts.oldest_at is not None:
        lines.append((DeskText.STATUS_OLDEST, _local(counts.oldest_at)))
    lines += [
        (DeskText.STATUS_REJECTED, f"{counts.rejected:,}"),
        (DeskText.STATUS_USED, f"{counts.used_bytes / 1_000_000:.1f} / {limit:.0f} MB"),
        (DeskText.STATUS_SENT, f"{int(facts.get('sent', 0)):,}"),
    ]
    if "last_sent_at" in facts:
        lines.append((DeskText.STATUS_LAST_SENT, _local(float(facts["last_sent_at"]))))
    if "last_fault_at" in facts:
        said = facts.get(f"last_fault_{language}", "")
        when = _local(float(facts["last_fault_at"]))
        lines.append((DeskText.STATUS_LAST_FAULT, f"{when}: {said}"))
    skew = float(facts.get("skew_seconds", 0.0))
    if abs(skew) >= _SKEW_SECONDS:
        text = DeskText.SKEW_AHEAD if skew > 0 else DeskText.SKEW_BEHIND
        lines.append((DeskText.STATUS_SKEW, text.in_language(language, seconds=f"{abs(skew):.0f}")))
    return [Line(what.in_language(language), value) for what, value in lines]


def _local(epoch: float) -> str:
    """Return a time by this machine's own clock, as a person at it reads times."""
    return time.strftime("%d/%m/%Y %H:%M:%S", time.localtime(epoch))
