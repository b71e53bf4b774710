"""`ioc leaders check`: units that have nobody, absences without a deputy, lines that are wrong."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest
from planning_kit import CHAIR, EVERYBODY, HOUR, LEAD, LEADER, MONDAY, UNIT, UNITS, away, person

from ioc.alerts.coverage import coverage
from ioc.alerts.people import Person, Role
from ioc.alerts.people_book import PeopleBook
from ioc.cli import main
from schemas.calendar.local_time import date_of_day, local_day
from schemas.reference import Level

DAY = 24 * HOUR


def checked(*people: Person):
    return coverage(PeopleBook(people, UNITS), MONDAY)


def test_a_unit_without_anybody_is_named_and_one_with_a_chair_is_not() -> None:
    found = checked(*EVERYBODY)
    assert UNIT not in found.alone and found.has_province_leader and found.has_technician
    assert set(found.alone) < set(found.units)
    assert UNIT in checked(LEADER).alone
    assert UNIT not in checked(CHAIR).alone
    assert not found.is_complete


def test_nobody_for_the_province_and_no_technician_is_said() -> None:
    found = checked(CHAIR)
    assert not found.has_province_leader and not found.has_technician


@pytest.mark.parametrize(
    ("deputy", "attended"),
    [
        ("", False),
        ("nobody", False),
        ("head", True),
        ("gone", False),  # away at the same time
        ("back", True),  # away afterwards
    ],
)
def test_an_absence_needs_a_deputy_who_is_there(deputy: str, attended: bool) -> None:
    start, end = MONDAY + DAY, MONDAY + 3 * DAY
    lead = away(dataclasses.replace(LEAD, deputy=deputy), start, end)
    gone = away(person("gone", (Role.CHAIR, UNIT)), end - HOUR, end + DAY)
    back = away(person("back", (Role.CHAIR, UNIT)), end, end + DAY)
    others = [each for each in EVERYBODY if each is not LEAD]
    found = checked(lead, gone, back, *others)
    assert (lead.person_id in {who.person_id for who, _ in found.unattended}) is not attended
    assert not checked(away(lead, MONDAY - 2 * DAY, MONDAY)).unattended, "it is over"


def test_the_command_ends_with_1_while_somebody_is_missing_and_names_the_line_that_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unit = next(
        each.code
        for each in UNITS.at(date_of_day(local_day(int(time.time()))))
        if each.level is Level.COMMUNE
    )
    file = tmp_path / "people.yaml"
    monkeypatch.setenv("IOC_ALERTS_PEOPLE_FILE", str(file))
    monkeypatch.setenv("IOC_ALERTS_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("IOC_ALERTS_MAIL_FROM", "ioc@ioc.example")
    monkeypatch.setenv("COLUMNS", "300")

    def check(of_unit: str, code: int) -> str:
        file.write_text(
            "version: 1\npeople:\n"
            f'  - {{id: a, title: A, posts: [{{role: chair, unit: "{of_unit}"}}],\n'
            "     contacts: {email: a@ioc.example}}\n",
            encoding="utf-8",
        )
        file.chmod(0o600)
        with pytest.raises(SystemExit) as ended:
            main(["--lang", "en", "leaders", "check"])
        assert ended.value.code == code
        said = capsys.readouterr()
        return said.out + said.err

    told = check(unit, 1)
    assert "There is no province leader" in told and "1 of " in told
    assert "people.yaml:3" in check("no-such-unit", 2)
