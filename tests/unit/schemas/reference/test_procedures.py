"""The catalogue of procedures: shipped sample and a province's own file."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from schemas.errors import ReferenceDataError, RejectError
from schemas.reference import Level, LimitUnit, OnlineLevel, ProcedureRegistry

HEADER = "procedure_id,name,field,level,limit_value,limit_unit,online_level,interconnected"
GOOD = [
    HEADER,
    '1.000001,"Đăng ký khai sinh, khai tử",ho-tich,commune,1,working_days,full,0',
    "1.000002,Giao đất,dat-dai,district,2,months,none,1",
]


@pytest.fixture(scope="module")
def procedures() -> ProcedureRegistry:
    return ProcedureRegistry.load()


def test_the_sample_has_the_published_numbers(procedures: ProcedureRegistry) -> None:
    levels = Counter(procedure.level for procedure in procedures)
    assert levels == {Level.DISTRICT: 239, Level.COMMUNE: 124, Level.DEPARTMENT: 62}
    assert len({procedure.name for procedure in procedures}) == len(procedures) == 425
    assert all(re.fullmatch(r"[123]\.9\d{5}", p.procedure_id) for p in procedures)


def test_every_field_is_used_and_named_in_both_languages(procedures: ProcedureRegistry) -> None:
    used = {procedure.field for procedure in procedures}
    assert used == {field.code for field in procedures.fields}
    assert procedures.field("dat-dai").name == "Đất đai"
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", field.code) for field in procedures.fields)
    assert all(field.name_en.isascii() for field in procedures.fields)


def test_limits_are_of_the_usual_size(procedures: ProcedureRegistry) -> None:
    """The sample drives scenarios: certification in a day, civil status in days, land in weeks."""
    for procedure in procedures:
        limit = (procedure.limit_value, procedure.limit_unit)
        if procedure.field == "chung-thuc":
            assert limit in {
                (4, LimitUnit.WORKING_HOURS),
                (1, LimitUnit.WORKING_DAYS),
                (2, LimitUnit.WORKING_DAYS),
            }
        if procedure.field == "ho-tich":
            assert limit[1] is LimitUnit.WORKING_DAYS and limit[0] <= 15
    assert {p.limit_unit for p in procedures} == set(LimitUnit)
    assert {p.online_level for p in procedures} == set(OnlineLevel)
    assert 10 < sum(p.interconnected for p in procedures) < 100


def test_look_ups(procedures: ProcedureRegistry) -> None:
    first = next(iter(procedures))
    assert procedures.get(first.procedure_id) is first
    assert first.procedure_id in procedures
    with pytest.raises(RejectError) as caught:
        procedures.get("9.999999")
    assert (caught.value.code, caught.value.value) == ("unknown_procedure", "9.999999")
    with pytest.raises(RejectError) as caught:
        procedures.field("khong-co")
    assert caught.value.code == "unknown_field"


def write(tmp_path: Path, lines: list[str]) -> Path:
    path = tmp_path / "procedures.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    procedures = ProcedureRegistry.load(write(tmp_path, GOOD))
    assert len(procedures) == 2
    land = procedures.get("1.000002")
    assert (land.limit_value, land.limit_unit, land.interconnected) == (2, LimitUnit.MONTHS, True)


@pytest.mark.parametrize(
    ("line", "old", "new", "message"),
    [
        (3, "1.000002", "1.000001", 'column procedure_id: "1.000001" stands in line 2 already'),
        (3, "1.000002", "", "column procedure_id is empty"),
        (3, "Giao đất", "", "column name is empty"),
        (3, "dat-dai", "dat", 'column field: "dat" is not in the fields file'),
        (3, "district", "huyện", 'column level: "huyện" is not one of'),
        (3, ",2,", ",0,", 'column limit_value: "0" is not a whole number above 0'),
        (3, ",2,", ",1.5,", 'column limit_value: "1.5" is not a whole number'),
        (3, ",2,", ",²,", 'column limit_value: "²" is not a whole number'),
        (3, "months", "weeks", "not one of working_hours, working_days, days, months"),
        (3, "none", "4", "is not one of full, partial, none"),
        (3, "none,1", "none,yes", 'column interconnected: "yes" is neither 0 nor 1'),
        (1, ",limit_unit", "", "header lacks the column(s) limit_unit"),
    ],
)
def test_a_fault_points_to_its_line(
    tmp_path: Path, line: int, old: str, new: str, message: str
) -> None:
    lines = list(GOOD)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    path = write(tmp_path, lines)
    with pytest.raises(ReferenceDataError) as caught:
        ProcedureRegistry.load(path)
    assert message in str(caught.value)
    assert (caught.value.path, caught.value.line) == (str(path), line)


def test_a_field_twice(tmp_path: Path) -> None:
    fields = tmp_path / "fields.csv"
    fields.write_text("code,name,name_en\na,A,A\nb,B,B\na,C,C\n")
    with pytest.raises(ReferenceDataError, match='"a" stands in line 2 already') as caught:
        ProcedureRegistry.load(fields_path=fields)
    assert caught.value.line == 4
