"""Offices whose names are too long for a wall, as every clerk shortens them."""

from __future__ import annotations

#: Longest first: what stands inside of another name is shortened after it. Windows and files keep
#: the full name.
SHORT_NAMES: tuple[tuple[str, str], ...] = (
    ("Trung tâm Phục vụ hành chính công", "TTPVHCC"),
    ("Văn phòng Ủy ban nhân dân", "VP UBND"),
    ("Ủy ban nhân dân", "UBND"),
    ("Ban Quản lý", "BQL"),
    ("Thành phố", "TP"),
)
