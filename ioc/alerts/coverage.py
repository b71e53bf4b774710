"""Who would hear: units without anybody, absences without a deputy. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ioc.alerts.people import Absence, Person, Role
from ioc.alerts.people_book import PeopleBook
from schemas.calendar.local_time import date_of_day, local_day
from schemas.reference import Level

_HEARS_OF_FILES = (Role.HANDLER_LEAD, Role.DESK_LEAD, Role.AUTHORITY_HEAD, Role.CHAIR)


@dataclass(frozen=True)
class Coverage:
    """What `ioc leaders check` tells.

    Attributes:
        units: codes of the day's communes, districts and departments.
        alone: those whose files nobody below the province would hear of.
        unattended: absences to come during which nobody stands in.
    """

    units: tuple[str, ...]
    alone: tuple[str, ...]
    has_province_leader: bool
    has_technician: bool
    unattended: tuple[tuple[Person, Absence], ...]

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing to complain about."""
        return (
            not self.alone
            and not self.unattended
            and (self.has_province_leader and self.has_technician)
        )


def coverage(book: PeopleBook, now: int) -> Coverage:
    """Look at everybody as of an instant, epoch seconds."""
    day = date_of_day(local_day(now))
    units = [unit for unit in book.units.at(day) if unit.level is not Level.PROVINCE]
    alone = tuple(
        unit.code
        for unit in units
        if not any(book.holders(role, unit.code, "", now) for role in _HEARS_OF_FILES)
    )
    province = book.units.province(day).code
    return Coverage(
        units=tuple(unit.code for unit in units),
        alone=alone,
        has_province_leader=bool(book.holders(Role.PROVINCE_LEADER, province, "", now)),
        has_technician=bool(book.all_of(Role.TECHNICIAN, now)),
        unattended=tuple(_unattended(book, now)),
    )


def _unattended(book: PeopleBook, now: int) -> Iterator[tuple[Person, Absence]]:
    for person in book:
        for absence in person.absences:
            if absence.end <= now:
                continue
            deputy = book.get(absence.deputy or person.deputy)
            if deputy is None or any(
                each.start < absence.end and absence.start < each.end for each in deputy.absences
            ):
                yield person, absence
