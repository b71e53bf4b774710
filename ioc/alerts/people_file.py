"""Reads the people file and checks it against the units."""

from __future__ import annotations

import datetime as dt
import stat
from pathlib import Path

from ioc.alerts.people import Absence, Person, Post
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import Role
from schemas.alerting.people_model import PeopleFile, PersonEntry
from schemas.alerting.yaml_file import LinedFile
from schemas.calendar.local_time import day_end, day_of_date, day_start
from schemas.errors import ConfigurationError
from schemas.reference import Level, UnitRegistry

#: Roles that stand for a unit of certain levels only.
_LEVELS = {Role.PROVINCE_LEADER: frozenset({Level.PROVINCE})}


def load_people(path: Path, units: UnitRegistry) -> PeopleBook:
    """Read who answers for what. Blocks.

    Raises:
        ConfigurationError: others may read the file.
        ReferenceDataError: the first mistake, with its line; contact details never stand in it.
    """
    return PeopleBook(read_people(path, units)[1], units)


def read_people(path: Path, units: UnitRegistry) -> tuple[LinedFile, tuple[Person, ...]]:
    """As `load_people`, with the file's lines for further checks."""
    _check_mode(path)
    file = LinedFile(path)
    entries = file.parse(PeopleFile).people
    lines: dict[str, int] = {}
    for number, entry in enumerate(entries):
        place = ("people", number, "id")
        if entry.id in lines:
            raise file.error(place, f'"{entry.id}" stands in line {lines[entry.id]} already')
        lines[entry.id] = file.line_of(place)
    for number, entry in enumerate(entries):
        _check(file, number, entry, units, lines)
    return file, tuple(_person(entry) for entry in entries)


def _check_mode(path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise ConfigurationError(
            f"{path}: others may read these contact details; run: chmod 600 {path.name}"
        )


def _check(
    file: LinedFile, number: int, entry: PersonEntry, units: UnitRegistry, known: dict[str, int]
) -> None:
    for index, post in enumerate(entry.posts):
        place = ("people", number, "posts", index, "unit")
        if post.unit not in units:
            raise file.error(place, f'no unit has the code "{post.unit}"')
        levels = _LEVELS.get(post.role)
        if levels is not None and units.get(post.unit).level not in levels:
            raise file.error(place, f"a {post.role} belongs to a province")
    if entry.deputy and entry.deputy not in known:
        raise file.error(("people", number, "deputy"), f'nobody has the id "{entry.deputy}"')
    if entry.deputy == entry.id:
        raise file.error(("people", number, "deputy"), "nobody can stand in for themselves")
    for index, absence in enumerate(entry.absences):
        where = ("people", number, "absences", index, "deputy")
        if absence.deputy and absence.deputy not in known:
            raise file.error(where, f'nobody has the id "{absence.deputy}"')
    for channel, address in entry.contacts.items():
        if not address.get_secret_value().strip():
            raise file.error(("people", number, "contacts", channel), "the address is empty")


def _person(entry: PersonEntry) -> Person:
    return Person(
        person_id=entry.id,
        title=entry.title,
        language=entry.language,
        posts=tuple(Post(post.role, post.unit, post.fields) for post in entry.posts),
        contacts={name: address.get_secret_value() for name, address in entry.contacts.items()},
        deputy=entry.deputy,
        absences=tuple(
            Absence(_start(each.first), _end(each.last), each.deputy) for each in entry.absences
        ),
        may_silence=entry.may_silence,
    )


def _start(date: dt.date) -> int:
    return day_start(day_of_date(date))


def _end(date: dt.date) -> int:
    return day_end(day_of_date(date))
