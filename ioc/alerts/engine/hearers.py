"""Rules and first recipients of many cases at one instant, each combination looked up once."""

from __future__ import annotations

from ioc.alerts.engine.case import Case
from ioc.alerts.engine.recipients import first_told
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people_book import PeopleBook, Recipient
from schemas.alerting.rules_model import Rule


class Hearers:
    """Good for one instant: absences and the hierarchy are those of `now` (epoch seconds).

    A flood of tens of thousands of files is about some hundred units.
    """

    def __init__(self, rules: Rulebook, people: PeopleBook, now: int) -> None:
        self._rules = rules
        self._people = people
        self._now = now
        self._rule: dict[tuple[str, str, str], Rule | None] = {}
        self._told: dict[tuple[str, ...], tuple[Recipient, ...]] = {}

    def rule_of(self, case: Case) -> Rule | None:
        """Return the rule that covers a case, None = nobody is told."""
        key = (case.rule.value, case.unit, case.field)
        if key not in self._rule:
            above = self._people.units_above(case.unit, self._now) or (case.unit,)
            self._rule[key] = self._rules.rule_for(case, above)
        return self._rule[key]

    def first_told(self, case: Case, rule: Rule) -> tuple[Recipient, ...]:
        """Return who hears of a case first."""
        key = (rule.id, case.rule.value, case.unit, case.handler, case.receiver, case.field)
        found = self._told.get(key)
        if found is None:
            found = self._told[key] = first_told(case, rule, self._people, self._now)
        return found
