"""Reads the rules file and checks it against units, fields and procedures."""

from __future__ import annotations

from pathlib import Path

from schemas.alerting.rules_model import RulesFile
from schemas.alerting.yaml_file import LinedFile
from schemas.reference import ProcedureRegistry, UnitRegistry


def load_rules(path: Path, units: UnitRegistry, procedures: ProcedureRegistry) -> RulesFile:
    """Read the rules. Blocks.

    Raises:
        ReferenceDataError: the first mistake, with its line.
    """
    file = LinedFile(path)
    rules = file.parse(RulesFile)
    fields = {field.code for field in procedures.fields}
    lines: dict[str, int] = {}
    for number, rule in enumerate(rules.rules):
        place = ("rules", number)
        if rule.id in lines:
            raise file.error((*place, "id"), f'"{rule.id}" stands in line {lines[rule.id]} already')
        lines[rule.id] = file.line_of((*place, "id"))
        for code in sorted(rule.units):
            if code not in units:
                raise file.error((*place, "units"), f'no unit has the code "{code}"')
        for code in sorted(rule.fields):
            if code not in fields:
                raise file.error((*place, "fields"), f'no field has the code "{code}"')
        for code in rule.procedure_leads:
            if code not in procedures:
                raise file.error(
                    (*place, "procedure_leads", code), f'no procedure has the id "{code}"'
                )
    return rules
