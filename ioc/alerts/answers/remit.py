"""Whose business an alert is, for people who come without a link."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.alerts.engine.case import Case
from ioc.alerts.people import Person
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import Role


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answers, as what, by which door.

    Attributes:
        via: `link`, `api` or `wall`.
        key: same request, same key: a request that is sent twice is one answer.
    """

    person: str
    role: Role
    via: str
    key: str


def role_for(book: PeopleBook, person: Person, case: Case, now: int) -> Role | None:
    """Return as what a person answers for a case; None if it is not theirs to answer.

    It is theirs when they hold a post of the authority, of the unit that has the file, or of a
    unit above one of them. The post nearest to the file counts.
    """
    for unit in dict.fromkeys((case.unit, case.handler)):
        for code in book.units_above(unit, now) if unit else ():
            for post in person.posts:
                if code in book.units_above(post.unit, now)[:1] and post.covers(case.field):
                    return post.role
    return None


def units_of(book: PeopleBook, person: Person, now: int) -> list[str]:
    """Return the codes of all units below the person's posts, these included."""
    mine = {code for post in person.posts for code in book.units_above(post.unit, now)[:1]}
    return [unit.code for unit in book.units if mine & set(book.units_above(unit.code, now))]


def main_role(person: Person) -> Role:
    """Return the role of the person's first post."""
    return person.posts[0].role
