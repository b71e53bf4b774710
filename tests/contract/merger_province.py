"""Dossiers of May to July 2025 across the merger of 1 July, as they stand at a moment.

Old wards, communes, districts and departments receive until 30 June, new communes and departments
since; a few feeds go on using old codes. Who stands for a code is said here by `UnitRegistry`, not
by the table that the queries ask.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from panel_province import FIELDS, NEVER, UNITS, Made

from schemas.calendar.local_time import date_of_day, day_of_date, day_start, local_day

HOUR = 3600
MERGER = dt.date(2025, 7, 1)
#: 17:00 in Vietnam on the last day before, and ten days into the new communes' life.
BEFORE = int(dt.datetime(2025, 6, 30, 10, 0, tzinfo=dt.UTC).timestamp())
AFTER = int(dt.datetime(2025, 7, 10, 10, 0, tzinfo=dt.UTC).timestamp())
FIRST = day_of_date(dt.date(2025, 5, 5))
LAST = day_of_date(dt.date(2025, 7, 10))
#: Two of the wards became one; the other wards, communes and the district itself others. One
#: department was merged in March already, so its code leads through two successors.
OLD = (
    "04795", "04798", "04792", "04876", "148", "150", "17-STP", "17-SNNPTNT", "17-SNNMT",
    *(unit.code for unit in UNITS.children("150", dt.date(2025, 6, 1))[:4]),
)  # fmt: skip
NEW = (
    *dict.fromkeys(UNITS.resolve(code, MERGER).code for code in OLD if code not in ("148", "150")),
    *[unit.code for unit in UNITS.children("25", MERGER) if "-" not in unit.code][:2],
)
UNKNOWN = "H28.01"
SLOW = "04792"


@dataclass(frozen=True, slots=True)
class Life:
    """What happens to a dossier; whoever looks earlier knows less of it."""

    number: int
    unit: str
    handler: str
    field: str
    channel: int
    registered: int
    received: int
    result: int
    end: str
    due_day: int
    pause: bool
    awaits: bool

    def at(self, moment: int) -> Made | None:
        """The dossier as it is known at a moment; None before it came."""
        if self.registered > moment:
            return None
        received = 0 if self.awaits or self.received > moment else self.received
        over = bool(received) and self.result <= moment
        late_second = day_start(self.due_day + 1)
        phase = self.end if over else "awaiting" if not received else (
            "supplement" if self.pause else "processing"
        )  # fmt: skip
        result = self.result if phase == "resolved" else 0
        verdict = "" if not result else "late" if result >= late_second else (
            "on_time" if local_day(result) == self.due_day else "early"
        )  # fmt: skip
        is_late = received and (self.result if over else moment) >= late_second
        return Made(
            id=f"000.00.{self.number % 7}.H28-{self.number:05d}",
            receiver=self.unit,
            authority=self.unit,
            handler=self.handler,
            field=self.field,
            channel=self.channel,
            phase=phase,
            registered_at=self.registered,
            received_at=received,
            due_at=day_start(self.due_day) + 17 * HOUR if received else 0,
            result_at=result,
            returned_at=result + HOUR if result and self.number % 3 else 0,
            finished_at=self.result if over else 0,
            verdict=verdict,
            receipt_late=False,
            apologised=phase == "processing" and self.number % 4 == 0,
            alarm_at=late_second if phase == "processing" else 0,
            late_from=date_of_day(self.due_day + 1) if is_late else NEVER,
        )


def make_lives(count: int, seed: int) -> list[Life]:
    """Make what happens; the same for the same seed."""
    rng = random.Random(seed)
    return [_make(rng, number) for number in range(count)]


def _make(rng: random.Random, number: int) -> Life:
    came = rng.randint(FIRST, LAST - 1)
    is_new = date_of_day(came) >= MERGER
    # A feed that goes on using old codes; rows of such codes must not be lost or shown as they are.
    known = NEW if is_new and rng.random() < 0.8 else OLD
    unit = UNKNOWN if rng.random() < 0.02 else rng.choice(known)
    registered = day_start(came) + rng.randint(7 * HOUR, 16 * HOUR)
    received = registered + rng.randint(0, 2 * HOUR)
    return Life(
        number=number,
        unit=unit,
        handler=rng.choice(known) if rng.random() < 0.3 else unit,
        field=rng.choice(FIELDS),
        channel=rng.choice((1, 2, 3)),
        registered=registered,
        received=received,
        result=received + rng.randint(1, 40 * 24) * HOUR,
        end=rng.choices(("resolved", "withdrawn", "stopped"), (9, 1, 1))[0],
        # One ward is often late: it stands among those whose share is low.
        due_day=came + (rng.choice((1, 5, 20, 30)) if unit != SLOW else 1),
        pause=rng.random() < 0.1,
        awaits=rng.random() < 0.05,
    )


def known_at(lives: Iterable[Life], moment: int) -> list[Made]:
    """Return the dossiers as they stand at a moment."""
    return [made for life in lives if (made := life.at(moment)) is not None]


def heir(code: str, day: dt.date) -> str:
    """Return who stands for a code on a day; a code that nobody knows for itself."""
    return UNITS.resolve(code, day).code if code in UNITS else code


def line(code: str, day: dt.date) -> list[str]:
    """Return who stands for a code on a day and all above it."""
    if code not in UNITS:
        return [code]
    return [heir(code, day), *(unit.code for unit in UNITS.ancestors(code, day))]


def fits(each: Made, choice: dict[str, Any], day: dt.date) -> bool:
    """Whether a dossier stands with the chosen unit or one below it, and so on."""
    unit, level = choice.get("unit", ""), choice.get("level", "")
    known = each.authority in UNITS
    return (
        (not unit or (known and unit in line(each.authority, day)))
        and (not level or (known and UNITS.resolve(each.authority, day).level.value == level))
        and choice.get("field", each.field) == each.field
        and choice.get("channel", each.channel) == each.channel
    )


def counted(made: Iterable[Made], first: dt.date, last: dt.date) -> Counter[str]:
    """Count what happened in a period, by measure."""
    days = range(day_of_date(first), day_of_date(last) + 1)
    return Counter(name for each in made for name, at in each.happened() if local_day(at) in days)
