"""The people of the alerts as the rest of the code sees them: who, as what, reachable where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.alerting.names import Role

__all__ = ["Absence", "Person", "Post", "Role"]


@dataclass(frozen=True, slots=True)
class Post:
    """What a person is to a unit; no fields = all fields."""

    role: Role
    unit: str
    fields: frozenset[str] = frozenset()

    def covers(self, field_code: str) -> bool:
        """Whether dossiers of this field belong to the post."""
        return not self.fields or field_code in self.fields


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which somebody is away; epoch seconds, the end exclusive.

    Attributes:
        deputy: id of who stands in, "" = the person's own deputy.
    """

    start: int
    end: int
    deputy: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """One person; contact details never leave this object but into an envelope.

    Attributes:
        contacts: channel name to address, in the order in which they are used.
        may_silence: whether this person may silence rules of the own units.
    """

    person_id: str
    title: str
    language: str
    posts: tuple[Post, ...]
    contacts: Mapping[str, str] = field(repr=False)
    deputy: str = ""
    absences: tuple[Absence, ...] = ()
    may_silence: bool = False

    def has(self, role: Role, unit: str) -> bool:
        """Whether the person holds this post."""
        return any(post.role is role and post.unit == unit for post in self.posts)

    def absence_at(self, now: int) -> Absence | None:
        """Return the absence that an instant (epoch seconds) lies in."""
        return next((each for each in self.absences if each.start <= now < each.end), None)
