"""Makes schemas/reference/data/procedures.csv from the groups in scripts/procedures/.

The result is sample data: names in the wording of real catalogues with typical limits, and ids
from x.900001 on, beyond the numbers in use nationally, so that none can be taken for a
real procedure. The numbers of procedures of districts and communes are the published ones.

Each TOML file is one level; each group has ``field``, ``limit`` (value and unit), ``online``
(service level), ``subjects``, optionally ``actions`` (each joined with each subject) and
``interconnected``. The same groups give the same bytes.

    python scripts/make_procedures.py            # write the shipped file
    python scripts/make_procedures.py --to DIR   # write it elsewhere
"""

from __future__ import annotations

import argparse
import csv
import tomllib
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

GROUPS_DIRECTORY = Path(__file__).parent / "procedures"
DATA_DIRECTORY = Path(__file__).parents[1] / "schemas" / "reference" / "data"

# Hòa Bình city's published catalogue: 239 procedures of the city, 124 of wards and communes.
COUNTS = {"department": 62, "district": 239, "commune": 124}

FIRST_NUMBER = 900_001
HEADER = """\
# Procedures (thủ tục hành chính): ILLUSTRATIVE SAMPLE DATA, not a real catalogue; see CREDITS.md.
# Made by scripts/make_procedures.py; do not edit. A province brings its own file.
"""
COLUMNS = (
    "procedure_id",
    "name",
    "field",
    "level",
    "limit_value",
    "limit_unit",
    "online_level",
    "interconnected",
)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--to", type=Path, default=DATA_DIRECTORY, metavar="DIR")
    directory: Path = arguments.parse_args().to

    rows: list[tuple[str, ...]] = []
    names: set[str] = set()
    for level, count in COUNTS.items():
        made = list(make_level(level))
        if len(made) != count:
            raise SystemExit(f"{level}.toml makes {len(made)} procedures, not {count}")
        for name, *rest in made:
            if name in names:
                raise SystemExit(f'"{name}" stands there twice')
            names.add(name)
            number = FIRST_NUMBER + len(rows)
            # Real ids begin with 1, 2 or 3, whatever their field.
            rows.append((f"{1 + number % 2}.{number:06d}", name, *rest))

    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(sorted(rows))
    path = directory / "procedures.csv"
    path.write_text(HEADER + text.getvalue(), encoding="utf-8", newline="\n")


def make_level(level: str) -> Iterator[tuple[str, ...]]:
    """The procedures of one level without their ids, in the order of the file."""
    file = GROUPS_DIRECTORY / f"{level}.toml"
    for group in tomllib.loads(file.read_text(encoding="utf-8"))["group"]:
        value, unit = group["limit"]
        for subject in group["subjects"]:
            for action in group.get("actions", [""]):
                name = f"{action} {subject}".strip()
                interconnected = "1" if group.get("interconnected", False) else "0"
                online = group["online"]
                yield name, group["field"], level, str(value), unit, online, interconnected


if __name__ == "__main__":
    main()
