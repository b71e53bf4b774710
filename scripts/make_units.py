"""Makes schemas/reference/data/units.csv and unit_aliases.csv.

The units, their official codes and coordinates, and the mapping from old to new communes come
from the package vietnamadminunits (MIT); the departments from department_list.py.
The output depends on nothing else: the same package gives the same bytes.

    python scripts/make_units.py            # write the shipped files
    python scripts/make_units.py --to DIR   # write them elsewhere
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple

import vietnamadminunits
from department_list import DEPARTMENTS, DEPARTMENTS_MERGED
from vietnamadminunits.database import get_data

DATA_DIRECTORY = Path(__file__).parents[1] / "schemas" / "reference" / "data"

# Resolution 830/NQ-UBTVQH14 gave Hòa Bình the communes that the package lists.
OLD_FROM = date(2020, 1, 1)
MERGER = date(2025, 7, 1)
OLD_PROVINCE, NEW_PROVINCE = "17", "25"
NEW_PROVINCE_KEY = "tinhphutho"
# The wards in which the two provincial governments sit: where departments are drawn on a map.
OLD_SEAT, NEW_SEAT = "04807", "07900"

# The package's points of these two are each other's: Lương Sơn lies in the south-east of the
# province, Sơn Lương in the north-west, as the communes that they were made from show.
SWAPPED_POINTS = {"04924": "08296", "08296": "04924"}
# For these old communes the package's geocoder gave up and answered with the district's point
# (04882, 05047, 05206), or found a place of the same name elsewhere (05254 in Thanh Hóa, 05395
# in Hòa Bình city). They get their successor's point, a few kilometres off at most.
WRONG_POINTS = ("04882", "05047", "05206", "05254", "05395")

UNITS_HEADER = """\
# Units of Hòa Bình (until 30 June 2025) and Phú Thọ (since 1 July 2025).
# Made by scripts/make_units.py; do not edit. What the columns mean: docs/reference-data.md.
# Codes, names, points and successors of provinces, districts and communes come from
# vietnamadminunits, Copyright (c) 2025 Tran Ngoc Minh Hieu, MIT License: see CREDITS.md.
"""
ALIASES_HEADER = """\
# Other names for units, as feeds write them; source empty = every feed.
# Made by scripts/make_units.py; do not edit.
"""


class UnitRow(NamedTuple):
    """One line of units.csv; the field names are the columns."""

    code: str
    official_code: str
    name: str
    level: str
    kind: str
    parent: str
    valid_from: date
    valid_to: date | None
    successor: str
    latitude: float
    longitude: float


class Point(NamedTuple):
    latitude: float
    longitude: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--to", type=Path, default=DATA_DIRECTORY, metavar="DIR")
    directory: Path = arguments.parse_args().to

    units = make_units()
    aliases = sorted(make_aliases({unit.code for unit in units}))
    write(directory / "units.csv", UNITS_HEADER, UnitRow._fields, units)
    write(directory / "unit_aliases.csv", ALIASES_HEADER, ("source", "name", "code"), aliases)


def make_units() -> list[UnitRow]:
    """All rows, by code."""
    old = sorted(
        (r for r in get_data(table="admin_units_legacy") if r["provinceCode"] == OLD_PROVINCE),
        key=lambda r: r["wardCode"],
    )
    new = sorted(
        (r for r in get_data(table="admin_units") if r["provinceCode"] == NEW_PROVINCE),
        key=lambda r: r["wardCode"],
    )
    old_codes = {r[column] for r in old for column in ("provinceCode", "districtCode", "wardCode")}
    raw_points = {r["wardCode"]: Point(r["wardLat"], r["wardLon"]) for r in new}
    new_points = {c: raw_points[SWAPPED_POINTS.get(c, c)] for c in raw_points}
    new_codes = {c: new_code(c, old_codes) for c in [NEW_PROVINCE, *raw_points]}
    successors = main_successors(old, new)

    old_points = {r["wardCode"]: Point(r["wardLat"], r["wardLon"]) for r in old}
    for code in WRONG_POINTS:
        old_points[code] = new_points[successors[code]]

    units = [*new_units(new, new_points, new_codes)]
    units += old_units(old, old_points, {o: new_codes[n] for o, n in successors.items()}, new_codes)
    units += departments(old_points[OLD_SEAT], new_points[NEW_SEAT], new_codes[NEW_PROVINCE])
    check_reused_codes(units)
    return sorted(units)


def new_code(official_code: str, old_codes: set[str]) -> str:
    """The official number, with the year where an old unit has it too."""
    return f"{official_code}-{MERGER.year}" if official_code in old_codes else official_code


def main_successors(old: list[dict[str, str]], new: list[dict[str, str]]) -> dict[str, str]:
    """Official code of the new commune for each old one.

    Three communes were split; the package names one of the parts as the default (the nearest
    one), and that is the main successor here.
    """
    file = Path(vietnamadminunits.__file__).parent / "data" / "converter_2025.json"
    mapping = json.loads(file.read_text(encoding="utf-8"))
    new_code_of = {r["wardKey"]: r["wardCode"] for r in new}
    by_key: dict[str, str] = {}
    for key, old_keys in mapping["DICT_PROVINCE_WARD_NO_DIVIDED"][NEW_PROVINCE_KEY].items():
        for old_key in old_keys:
            by_key[old_key] = new_code_of[key]
    for old_key, parts in mapping["DICT_PROVINCE_WARD_DIVIDED"][NEW_PROVINCE_KEY].items():
        (default,) = (part["newWardKey"] for part in parts if part["isDefaultNewWard"])
        by_key[old_key] = new_code_of[default]
    return {
        r["wardCode"]: by_key[f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey']}"] for r in old
    }


def new_units(
    communes: list[dict[str, str]], points: dict[str, Point], codes: dict[str, str]
) -> Iterator[UnitRow]:
    """Phú Thọ and its communes.

    The package's point of the province lies in the middle of former Hòa Bình; the mean of the
    communes' points stands in for it.
    """
    middle = Point(
        round(sum(p.latitude for p in points.values()) / len(points), 4),
        round(sum(p.longitude for p in points.values()) / len(points), 4),
    )
    province = codes[NEW_PROVINCE]
    name = communes[0]["province"]
    yield UnitRow(province, NEW_PROVINCE, name, "province", "tỉnh", "", MERGER, None, "", *middle)
    for r in communes:
        official, kind = r["wardCode"], r["wardType"].lower()
        yield UnitRow(
            codes[official], official, r["ward"], "commune", kind, province, MERGER, None, "",
            *points[official],
        )  # fmt: skip


def old_units(
    communes: list[dict[str, str]],
    points: dict[str, Point],
    successors: dict[str, str],
    codes: dict[str, str],
) -> Iterator[UnitRow]:
    """Hòa Bình, its districts (whose dossiers passed to the new province) and communes."""
    span = (OLD_FROM, MERGER)
    first = communes[0]
    province = Point(float(first["provinceLat"]), float(first["provinceLon"]))
    yield UnitRow(
        OLD_PROVINCE, OLD_PROVINCE, first["province"], "province", "tỉnh", "", *span,
        codes[NEW_PROVINCE], *province,
    )  # fmt: skip
    for r in {r["districtCode"]: r for r in communes}.values():
        code, kind = r["districtCode"], r["districtType"].lower()
        point = Point(float(r["districtLat"]), float(r["districtLon"]))
        yield UnitRow(
            code, code, r["district"], "district", kind, OLD_PROVINCE, *span,
            codes[NEW_PROVINCE], *point,
        )  # fmt: skip
    for r in communes:
        code, kind = r["wardCode"], r["wardType"].lower()
        yield UnitRow(
            code, code, r["ward"], "commune", kind, r["districtCode"], *span,
            successors[code], *points[code],
        )  # fmt: skip


def departments(old_seat: Point, new_seat: Point, new_province: str) -> Iterator[UnitRow]:
    """The departments of both provinces, drawn where their government sits."""
    for d in DEPARTMENTS:
        began = DEPARTMENTS_MERGED if d.is_new else OLD_FROM
        ended = DEPARTMENTS_MERGED if d.merged_into else MERGER
        heir = (
            f"{OLD_PROVINCE}-{d.merged_into}" if d.merged_into else f"{new_province}-{d.initials}"
        )
        yield UnitRow(
            f"{OLD_PROVINCE}-{d.initials}", "", d.name, "department", d.kind, OLD_PROVINCE,
            began, ended, heir, *old_seat,
        )  # fmt: skip
        if not d.merged_into:
            yield UnitRow(
                f"{new_province}-{d.initials}", "", d.name, "department", d.kind, new_province,
                MERGER, None, "", *new_seat,
            )  # fmt: skip


def check_reused_codes(units: list[UnitRow]) -> None:
    """Stops unless a re-used official number leads to its new bearer.

    A feed that sends the bare number after the merger means the new unit; it finds it only
    because the old bearer's successor is that unit.
    """
    by_code = {unit.code: unit for unit in units}
    for unit in units:
        if unit.code != unit.official_code and unit.official_code:
            old = by_code[unit.official_code]
            if old.successor != unit.code:
                raise SystemExit(f"{old.code} passes to {old.successor}, not to {unit.code}")


def make_aliases(codes: set[str]) -> Iterator[tuple[str, str, str]]:
    for province in (OLD_PROVINCE, NEW_PROVINCE):
        yield "", "UBND tỉnh", province
        yield "", "Ủy ban nhân dân tỉnh", province
        for d in DEPARTMENTS:
            code = f"{province}-{d.initials}"
            if code in codes:
                for name in d.short_names:
                    yield "", name, code


def write(
    path: Path, header: str, columns: Iterable[str], rows: Iterable[Iterable[object]]
) -> None:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(["" if cell is None else str(cell) for cell in row] for row in rows)
    path.write_text(header + text.getvalue(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
