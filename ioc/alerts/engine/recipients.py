"""Who is told of a case at first, and who are the next ones up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ioc.alerts.engine.case import Case
from ioc.alerts.people_book import PeopleBook, Recipient
from schemas.alerting.names import AlertRule, Role
from schemas.alerting.rules_model import Rule


def first_told(case: Case, rule: Rule, book: PeopleBook, now: int) -> tuple[Recipient, ...]:
    """Return whom the rule names; the first of the next ones up if there is nobody."""
    found = _once(one for role in rule.tell for one in _named(case, role, book, now))
    if found or case.rule is AlertRule.SILENT_DESK:
        return found
    for step in steps_up(case, book, now):
        if step:
            return step
    return ()


def steps_up(case: Case, book: PeopleBook, now: int) -> Sequence[tuple[Recipient, ...]]:
    """Return the steps of escalation, nearest first; a step may have nobody.

    Head of the authority, chair of the commune or department, chairs above (districts, while
    there were any), leaders of the province: the hierarchy of the day. The agency of a late leg
    comes before the authority.
    """
    steps: list[tuple[Recipient, ...]] = []
    if case.rule is AlertRule.LEG_OVERDUE and case.handler and case.handler != case.unit:
        steps.append(book.holders(Role.AUTHORITY_HEAD, case.handler, case.field, now))
        steps.append(book.holders(Role.CHAIR, case.handler, case.field, now))
    steps.append(book.holders(Role.AUTHORITY_HEAD, case.unit, case.field, now))
    above = book.units_above(case.unit, now) or (case.unit,)
    steps += [book.holders(Role.CHAIR, unit, case.field, now) for unit in above]
    steps.append(book.holders(Role.PROVINCE_LEADER, above[-1], case.field, now))
    return steps


def _named(case: Case, role: Role, book: PeopleBook, now: int) -> Iterable[Recipient]:
    places: tuple[str, ...]
    match role:
        case Role.TECHNICIAN:
            return book.technicians(case.unit, now)
        case Role.HANDLER_LEAD:
            places = (case.handler, case.unit)
        case Role.DESK_LEAD:
            places = (case.receiver, case.unit)
        case Role.CHAIR | Role.PROVINCE_LEADER:
            places = book.units_above(case.unit, now) or (case.unit,)
        case _:
            places = (case.unit,)
    for place in places:
        if place and (found := book.holders(role, place, case.field, now)):
            return found
    return ()


def _once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    found: dict[str, Recipient] = {}
    for one in recipients:
        found.setdefault(one.person.person_id, one)
    return tuple(found.values())
