"""Every fault in a province's own units file names its line and what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from schemas.errors import ReferenceDataError
from schemas.reference import UnitRegistry

HEADER = (
    "code,official_code,name,level,kind,parent,valid_from,valid_to,successor,latitude,longitude"
)
GOOD = [
    "# a province of our own",
    HEADER,
    "P,1,Tỉnh A,province,tỉnh,,2020-01-01,2025-07-01,Q,21,105",
    "Q,2,Tỉnh B,province,tỉnh,,2025-07-01,,,21,105",
    "",
    "D,10,Huyện C,district,huyện,P,2020-01-01,2025-07-01,Q,,",
    'S,,"Sở E, F",department,sở,P,2020-01-01,2025-07-01,T,21,105',
    "T,,Sở E,department,sở,Q,2025-07-01,,,21,105",
    "X,100,Xã G,commune,xã,D,2020-01-01,2025-07-01,Y,21.5,105.5",
    "Y,100,Xã H,commune,xã,Q,2025-07-01,,,21.5,105.5",
]


def write(tmp_path: Path, lines: list[str], encoding: str = "utf-8") -> Path:
    path = tmp_path / "units.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


def fault(path: Path) -> tuple[int, str]:
    with pytest.raises(ReferenceDataError) as caught:
        UnitRegistry.load(path)
    assert caught.value.path == str(path)
    assert str(caught.value).startswith(f"{path}:{caught.value.line}: ")
    return caught.value.line, str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_good_file_loads(tmp_path: Path, encoding: str) -> None:
    units = UnitRegistry.load(write(tmp_path, GOOD, encoding))
    assert len(units) == 7
    assert units.get("S").name == "Sở E, F"
    assert units.get("D").latitude is None


@pytest.mark.parametrize(
    ("line", "old", "new", "message"),
    [
        (9, "X,100", "D,100", 'column code: "D" stands in line 6 already'),
        (9, "X,", ",", "column code is empty"),
        (9, "Xã G", " ", "column name is empty"),
        (9, "xã,D", ",D", "column kind is empty"),
        (9, "commune", "xã", '"xã" is not one of province, department, district, commune'),
        (9, ",D,", ",E,", 'column parent: unit "E" is not in this file'),
        (9, ",Y,", ",Z,", 'column successor: unit "Z" is not in this file'),
        (9, ",D,", ",,", "a commune needs a parent of level district or province"),
        (9, ",D,", ",S,", 'column parent: "S" is of level department'),
        (6, ",P,", ",X,", "circle: D → X → D"),
        (9, ",D,", ",X,", "circle: X → X"),
        (3, ",tỉnh,,", ",tỉnh,Q,", "the parent of a province must be empty"),
        (6, "2025-07-01,Q", "2025-08-01,Q", "a unit may not outlive its parent"),
        (10, "2025-07-01", "2025-06-30", "a unit may not outlive its parent"),
        (9, "2020-01-01", "2020-02-30", 'column valid_from: "2020-02-30" is not a day'),
        (9, "2020-01-01", "20200101", 'column valid_from: "20200101" is not a day'),
        (9, "2025-07-01", "01/07/2025", 'column valid_to: "01/07/2025" is not a day'),
        (9, "2020-01-01", "", "column valid_from is empty"),
        (9, "2020-01-01", "2025-07-01", "column valid_to: 2025-07-01 is not after valid_from"),
        (9, "2025-07-01,Y", "2025-07-01,", "column successor is empty but the unit ends"),
        (4, "2025-07-01,,,", "2025-07-01,,Y,", "column successor is set but valid_to is empty"),
        (9, "2025-07-01,Y", "2025-06-30,Y", 'successor: "Y" is valid from 2025-07-01'),
        (10, "Y,100", "Y,2", 'column official_code: "2" belongs to "Q" at the same time'),
        (9, "21.5,105.5", '"21,5",105.5', 'column latitude: "21,5" is not a number'),
        (9, "21.5,105.5", "105.5,21.5", "column latitude: 105.5 is not between 6 and 24"),
        (9, "21.5,105.5", "21.5,nan", "column longitude: nan is not between 102 and 118"),
        (9, "21.5,105.5", "21.5,", "give both or neither"),
        (9, "21.5,105.5", "21.5", "has 10 cells, the header has 11"),
        (9, "Xã G", "Xã, G", "has 12 cells, the header has 11"),
        (9, "Xã G", '"Xã" G', "is not CSV"),
        (2, "kind", "sort", "header lacks the column(s) kind"),
        (2, "longitude", "longitude,note", "header has the unknown column(s) note"),
        (2, "longitude", "longitude,kind", "header names kind twice"),
    ],
)
def test_a_fault_points_to_its_line(
    tmp_path: Path, line: int, old: str, new: str, message: str
) -> None:
    lines = list(GOOD)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    found_line, text = fault(write(tmp_path, lines))
    assert message in text
    assert found_line == line


def test_a_circle_of_successors(tmp_path: Path) -> None:
    lines = list(GOOD)
    lines[9] = "Y,100,Xã H,commune,xã,Q,2025-07-01,2026-01-01,X,,"
    line, text = fault(write(tmp_path, lines))
    assert line == 9
    assert "column successor leads in a circle: X → Y → X" in text


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    path.write_bytes(f"{HEADER}\nP,1,T".encode() + b"\xd2nh\n")
    assert fault(path) == (2, f"{path}:2: is not UTF-8; save the file as CSV UTF-8")


def test_an_empty_file_and_none_at_all(tmp_path: Path) -> None:
    line, text = fault(write(tmp_path, ["# nothing", ""]))
    assert line == 1
    assert "has no header" in text
    _, text = fault(tmp_path / "missing.csv")
    assert "cannot be read: No such file" in text
