"""Rules and people files: mistakes are told with the line, and no contact detail in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioc.alerts.people_file import load_people
from ioc.alerts.rules_file import load_rules
from schemas.alerting.json_schema import stale_schemas
from schemas.errors import ConfigurationError, ReferenceDataError
from schemas.reference import ProcedureRegistry, UnitRegistry

DATA = Path("schemas/alerting/data")
UNITS, PROCEDURES = UnitRegistry.load(None), ProcedureRegistry.load(None)
RULES = (DATA / "rules.yaml").read_text(encoding="utf-8")
PEOPLE = (DATA / "people.yaml").read_text(encoding="utf-8")


def _file(folder: Path, text: str) -> Path:
    path = folder / "file.yaml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def _line(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_samples_are_valid_and_the_schemas_fresh(tmp_path: Path) -> None:
    assert len(load_rules(DATA / "rules.yaml", UNITS, PROCEDURES).rules) == 10
    assert len(load_people(_file(tmp_path, PEOPLE), UNITS)) == 5
    assert stale_schemas() == []


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ("above: 0.1", "abov: 0.1", "abov: 0.1", "there is no such entry"),
        ("above: 0.1", "above: 10", "id: share", "between 0 and 1"),
        ("days: 5", "days: 50", "days: 50", "less than or equal to 20"),
        ("what: overdue", "what: late", "what: late", "receipt_overdue"),
        ("tell: [desk_lead]", "tell: [chair]", "id: receipt", "leaders are not told"),
        ("id: soon", "id: receipt\n    enabled: true", "enabled: true", "stands in line"),
        ("id: many", "id: many\n    fields: [nothing]", "fields: [nothing]", "no field"),
        ("id: many", "id: many\n    units: ['1']", "units: ['1']", "no unit"),
        ("id: many", "id: many\n    id: more", "id: more", "twice"),
        ("version: 1", "version: [1", "delivery:", "expected"),
    ],
)
def test_a_mistake_in_the_rules_names_its_line(
    tmp_path: Path, old: str, new: str, at: str, message: str
) -> None:
    text = RULES.replace(old, new, 1)
    with pytest.raises(ReferenceDataError, match=message) as caught:
        load_rules(_file(tmp_path, text), UNITS, PROCEDURES)
    wanted = _line(text, at)
    # The part that is wrong begins in its own line, or in the line of what it belongs to.
    assert wanted - 1 <= caught.value.line <= wanted, str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "at", "message"),
    [
        ('unit: "25"', 'unit: "nowhere"', 'unit: "nowhere"', "no unit has the code"),
        ("deputy: hoa-binh-head", "deputy: nobody", "deputy: nobody", "nobody has the id"),
        ("id: technician", "id: hoa-binh-lead", "id: hoa-binh-lead", "stands in line"),
        ("to: 2026-12-11", "to: 2026-12-01", "absences", "ends before it begins"),
        ("province_leader, unit: \"25\"", 'province_leader, unit: "04795-2025"',
         "province_leader", "belongs to a province"),
        ("technician@ioc.example", '" "', '" "', "is empty"),
    ],
)  # fmt: skip
def test_a_mistake_in_the_people_names_its_line(
    tmp_path: Path, old: str, new: str, at: str, message: str
) -> None:
    text = PEOPLE.replace(old, new, 1)
    with pytest.raises(ReferenceDataError, match=message) as caught:
        load_people(_file(tmp_path, text), UNITS)
    assert abs(caught.value.line - _line(text, at)) <= text.count("\n")
    assert "@ioc.example" not in str(caught.value)


def test_a_contact_never_stands_in_an_error(tmp_path: Path) -> None:
    text = PEOPLE.replace(
        "contacts: {email: technician@ioc.example}", "contacts: {email: [technician@ioc.example]}"
    )
    with pytest.raises(ReferenceDataError) as caught:
        load_people(_file(tmp_path, text), UNITS)
    assert "technician@" not in str(caught.value)
    book = load_people(_file(tmp_path, PEOPLE), UNITS)
    assert "@ioc.example" not in repr(list(book))


def test_others_may_not_read_the_people(tmp_path: Path) -> None:
    path = _file(tmp_path, PEOPLE)
    path.chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load_people(path, UNITS)
