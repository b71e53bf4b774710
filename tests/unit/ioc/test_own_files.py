"""A province's own units, names, procedures and fields, each named by a setting."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from ioc.own_files import load_procedures, load_units
from ioc.reference import load_reference
from schemas.errors import ReferenceDataError
from schemas.settings import WorkerSettings

DAY = dt.date(2026, 11, 4)
FILES = {
    "units": (
        "code,official_code,name,level,kind,parent,valid_from,valid_to,successor,latitude,longitude",
        "99,99,Tỉnh Mẫu,province,tỉnh,,2020-01-01,,,,",
        "99-1,90001,Xã Một,commune,xã,99,2020-01-01,,,,",
    ),
    "unit_aliases": (
        "source,name,code",
        "mot-cua,Văn phòng xã số 1,99-1",
    ),
    "procedures": (
        "procedure_id,name,field,level,limit_value,limit_unit,online_level,interconnected",
        "9.000001,Thủ tục mẫu,linh-vuc-mau,commune,3,working_days,full,0",
    ),
    "fields": (
        "code,name,name_en",
        "linh-vuc-mau,Lĩnh vực mẫu,Sample field",
    ),
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, lines in FILES.items():
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        monkeypatch.setenv(f"IOC_WORKER_{name.upper()}_FILE", str(path))
    return tmp_path


def test_all_four_are_the_provinces_own(own: Path) -> None:
    settings = WorkerSettings(_env_file=None)
    units = load_units(settings)
    assert [unit.code for unit in units] == ["99", "99-1"]
    assert units.by_name("Văn phòng xã số 1", source="mot-cua", day=DAY).code == "99-1"
    procedures = load_procedures(settings)
    assert [procedure.field for procedure in procedures] == ["linh-vuc-mau"]
    assert [field.code for field in procedures.fields] == ["linh-vuc-mau"]
    reference = load_reference(settings)
    assert reference.unit_codes == {"99", "99-1"}
    assert "9.000001" in reference.procedures


def test_names_alone_may_be_added_to_the_shipped_units(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "names.csv"
    path.write_text("source,name,code\nmot-cua,Phòng số 7,148\n", encoding="utf-8")
    monkeypatch.setenv("IOC_WORKER_UNIT_ALIASES_FILE", str(path))
    units = load_units(WorkerSettings(_env_file=None))
    assert units.by_name("phòng số 7", source="mot-cua").code == "148"


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "message"),
    [
        ("units", "commune,xã,99,", "commune,xã,98,", 3, "98"),
        ("unit_aliases", "99-1", "99-2", 2, 'unit "99-2"'),
        ("procedures", "linh-vuc-mau", "linh-vuc-khac", 2, "linh-vuc-khac"),
        ("fields", "linh-vuc-mau,Lĩnh vực mẫu", "linh-vuc-mau,", 2, "name"),
    ],
)
def test_a_fault_names_file_and_line(
    own: Path, name: str, old: str, new: str, line: int, message: str
) -> None:
    """A worker says it when it starts, before it takes an event."""
    path = own / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=message) as caught:
        load_reference(WorkerSettings(_env_file=None))
    assert (caught.value.path, caught.value.line) == (str(path), line)
    assert str(caught.value).startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_there_is_named(own: Path) -> None:
    (own / "fields.csv").unlink()
    with pytest.raises(ReferenceDataError, match=r"fields\.csv"):
        load_reference(WorkerSettings(_env_file=None))


def test_the_workers_folder_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IOC_WORKER_DATA", "/var/lib/ioc/worker-1")
    assert WorkerSettings(_env_file=None).data == Path("/var/lib/ioc/worker-1")


def test_every_process_reads_the_same_files() -> None:
    """`UnitRegistry.load(a setting)` elsewhere would forget the names, as it once did."""
    ioc = Path(__file__).parents[3] / "ioc"
    allowed = {ioc / "own_files.py"}
    for path in ioc.rglob("*.py"):
        if path not in allowed:
            text = path.read_text(encoding="utf-8")
            for call in ("UnitRegistry.load(", "ProcedureRegistry.load("):
                for rest in text.split(call)[1:]:
                    assert rest.startswith((")", "None)")), f"{path}: {call}"
