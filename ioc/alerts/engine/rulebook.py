"""Which rule covers an alert."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ioc.alerts.engine.case import Case
from schemas.alerting.names import AlertRule
from schemas.alerting.rules_model import Rule, RulesFile


class Rulebook:
    """The rules by what they tell; of several the first that covers a case."""

    def __init__(self, file: RulesFile) -> None:
        self.file = file
        self._by_what: Mapping[AlertRule, tuple[Rule, ...]] = {
            what: tuple(rule for rule in file.rules if rule.what is what) for what in AlertRule
        }

    def of(self, what: AlertRule) -> tuple[Rule, ...]:
        """Return the enabled rules of a kind, in the order of the file."""
        return tuple(rule for rule in self._by_what[what] if rule.enabled)

    def rule_for(self, case: Case, units: Iterable[str]) -> Rule | None:
        """Return the rule that covers a case, None = nobody is told.

        Args:
            case: of any kind.
            units: codes of its unit and those above.
        """
        for rule in self._by_what[case.rule]:
            if rule.units and rule.units.isdisjoint(units):
                continue
            if rule.fields and case.field not in rule.fields:
                continue
            return rule if rule.enabled else None
        return None

    def lead_seconds(self, rule: Rule, procedure: str, default: int) -> int:
        """Return the lead of a due_soon or apology_due rule in working seconds."""
        hours = rule.procedure_leads.get(procedure, rule.lead_working_hours)
        return default if hours is None else round(hours * 3600)
