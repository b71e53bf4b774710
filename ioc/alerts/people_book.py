"""Who answers for a unit at an instant: posts, deputies and the hierarchy of the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ioc.alerts.people import Person, Post
from schemas.alerting.names import Role
from schemas.calendar.local_time import date_of_day, local_day
from schemas.reference import UnitRegistry


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as the holder of one post; `deputy_for` is who is away, "" = nobody."""

    person: Person
    role: Role
    unit: str
    deputy_for: str = ""


class PeopleBook:
    """Everybody of one people file; immutable. Nothing blocks.

    Unit codes are those of any time: an old code means its successor of the day.
    """

    def __init__(self, people: Iterable[Person], units: UnitRegistry) -> None:
        self._people = {person.person_id: person for person in people}
        self.units = units
        self._index = lru_cache(maxsize=8)(self._index_of_day)
        self._chains = lru_cache(maxsize=16_384)(self._chain_of_day)

    def __iter__(self) -> Iterator[Person]:
        """All people, in the order of the file."""
        return iter(self._people.values())

    def __len__(self) -> int:
        return len(self._people)

    def get(self, person_id: str) -> Person | None:
        """Return the person of this id, or None."""
        return self._people.get(person_id)

    def holders(self, role: Role, unit: str, field: str, now: int) -> tuple[Recipient, ...]:
        """Return who holds a post of exactly this unit, deputies in place of those away.

        Args:
            role: of the post.
            unit: any code of the unit; unknown ones have nobody.
            field: of the dossier; "" asks for posts of any field.
            now: epoch seconds; decides hierarchy and absences.
        """
        day = local_day(now)
        found: dict[str, Recipient] = {}
        for person, post in self._index(day).get((role, self.unit_on(unit, day)), ()):
            if field and not post.covers(field):
                continue
            stand_in = self._present(person, now)
            if stand_in is not None:
                away = "" if stand_in is person else person.person_id
                found.setdefault(stand_in.person_id, Recipient(stand_in, role, post.unit, away))
        return tuple(found.values())

    def units_above(self, unit: str, now: int) -> tuple[str, ...]:
        """Return the codes of a unit and those above it on that day, nearest first."""
        return self._chains(unit, local_day(now))

    def technicians(self, unit: str, now: int) -> tuple[Recipient, ...]:
        """Return the technicians of the nearest of the unit and those above that has any."""
        for code in self.units_above(unit, now) or (unit,):
            if found := self.holders(Role.TECHNICIAN, code, "", now):
                return found
        return self.all_of(Role.TECHNICIAN, now)[:1]

    def all_of(self, role: Role, now: int) -> tuple[Recipient, ...]:
        """Return everybody who holds a role anywhere, once for each post."""
        found: dict[tuple[str, str], Recipient] = {}
        for (each, unit), entries in self._index(local_day(now)).items():
            if each is role and entries:
                for one in self.holders(role, unit, "", now):
                    found.setdefault((one.person.person_id, unit), one)
        return tuple(found.values())

    def may_silence(self, person: Person, unit: str, now: int) -> bool:
        """Whether the person may silence this unit: allowed, with a post on it or above."""
        if not person.may_silence:
            return False
        above = set(self.units_above(unit, now))
        day = local_day(now)
        return any(self.unit_on(post.unit, day) in above for post in person.posts)

    def unit_on(self, code: str, day: int) -> str:
        """Return the unit that stands for a code on a day; an unknown code as it is."""
        chain = self._chains(code, day)
        return chain[0] if chain else code

    def _present(self, person: Person, now: int) -> Person | None:
        seen: set[str] = set()
        while (absence := person.absence_at(now)) is not None:
            seen.add(person.person_id)
            deputy = self._people.get(absence.deputy or person.deputy)
            if deputy is None or deputy.person_id in seen:
                return None
            person = deputy
        return person

    def _index_of_day(self, day: int) -> dict[tuple[Role, str], list[tuple[Person, Post]]]:
        index: dict[tuple[Role, str], list[tuple[Person, Post]]] = {}
        for person in self._people.values():
            for post in person.posts:
                index.setdefault((post.role, self.unit_on(post.unit, day)), []).append(
                    (person, post)
                )
        return index

    def _chain_of_day(self, code: str, day: int) -> tuple[str, ...]:
        if code not in self.units:
            return ()
        date = date_of_day(day)
        mine = self.units.resolve(code, date).code
        return (mine, *(unit.code for unit in self.units.ancestors(code, date)))
