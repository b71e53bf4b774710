"""Which department does what, and how busy it is: a choice of this project.

Counted roughly after what the provincial centres of mountain provinces report: transport (driving
licences), justice (criminal records) and enterprise registration make up most of it.
"""

from __future__ import annotations

from typing import NamedTuple


class Department(NamedTuple):
    """Relative number of dossiers, and the fields they belong to."""

    size: int
    fields: tuple[str, ...]


#: By the end of the unit's code.
DEPARTMENTS: dict[str, Department] = {
    "SGTVT": Department(240, ("giao-thong",)),
    "SKHDT": Department(160, ("dang-ky-kinh-doanh", "dau-tu")),
    "STP": Department(190, ("tu-phap",)),
    "SLDTBXH": Department(85, ("lao-dong",)),
    "STNMT": Department(75, ("dat-dai", "moi-truong")),
    "SCT": Department(90, ("cong-thuong",)),
    "SVHTTDL": Department(45, ("van-hoa", "the-thao-du-lich")),
    "SXD": Department(40, ("xay-dung",)),
    "SYT": Department(45, ("y-te",)),
    "SNNPTNT": Department(45, ("nong-nghiep",)),
    "SGDDT": Department(25, ("giao-duc",)),
    "SNV": Department(30, ("thi-dua-khen-thuong", "noi-vu")),
    "STTTT": Department(15, ("thong-tin",)),
    "BQLKCN": Department(12, ("dau-tu", "lao-dong")),
}
_SMALL = Department(4, ())


def department(code: str) -> Department:
    """Return what is known of a department; one that is not listed does a little of everything."""
    return DEPARTMENTS.get(code.rpartition("-")[2], _SMALL)
