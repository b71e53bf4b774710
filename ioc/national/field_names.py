"""The fields of the national messages that are read at all; everything else ends at the door.

A list of what is read, and none of what is personal: a field that a system adds tomorrow may name
a person. Standard library only, for the desk client too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Of `DongBoHoSoMC`.
SNAPSHOT_FIELDS = frozenset(
    {
        "MaHoSo",
        "MaTTHC",
        "MaLinhVuc",
        "KenhThucHien",
        "NgayNopHoSo",
        "NgayTiepNhan",
        "NgayHenTra",
        "TrangThaiHoSo",
        "NgayTuChoi",
        "NgayKetThucXuLy",
        "NgayTra",
        "DonViXuLy",
        "isUpdating",
    }
)
#: Of `CapNhatTienDoHoSoMC`.
PROGRESS_FIELDS = frozenset({"MaHoSo", "ThoiDiemXuLy", "TrangThai"})
SUPPLEMENTS = "DanhSachHoSoBoSung"
#: Of each entry of the list of supplements.
SUPPLEMENT_FIELDS = frozenset({"NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraMoi"})

_SCALARS = SNAPSHOT_FIELDS | PROGRESS_FIELDS


def without_unread_fields(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return an entry with nothing but the fields that are read."""
    kept = {
        name: value
        for name, value in entry.items()
        if name in _SCALARS and not isinstance(value, (dict, list))
    }
    listed = entry.get(SUPPLEMENTS)
    if isinstance(listed, list):
        kept[SUPPLEMENTS] = [
            {name: one[name] for name in one if name in SUPPLEMENT_FIELDS}
            for one in listed
            if isinstance(one, dict)
        ]
    return kept
