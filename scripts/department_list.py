"""The departments of Hòa Bình and Phú Thọ, and how they followed each other.

No open table of department codes exists, so the part of a code after the province's number is
ours: the initials of the name (``17-STP`` = Sở Tư pháp of province 17).

Three sets follow each other: the one until February 2025; the one since the provinces merged
their departments after the government's own reform (Hòa Bình: Resolution 499/NQ-HDND of its
People's Council of 6 February 2025); and Phú Thọ's since 1 July 2025, which has the same shape.
The 13 specialised agencies of 2025 are completed by the industrial zones' board and the
provincial desk. Agencies of the central government (police, tax, social insurance) are not
among them.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

DEPARTMENTS_MERGED = date(2025, 3, 1)


class Department(NamedTuple):
    """A department of a province.

    Attributes:
        initials: second part of its code.
        kind: sở, ban, thanh tra, văn phòng or trung tâm.
        name: official name.
        short_names: how feeds abbreviate it; case and punctuation do not matter.
        merged_into: initials of the department that took over in March 2025, or None if the
            department went on.
        is_new: established only in March 2025.
    """

    initials: str
    kind: str
    name: str
    short_names: tuple[str, ...] = ()
    merged_into: str | None = None
    is_new: bool = False


DEPARTMENTS = (
    Department(
        "VPUBND",
        "văn phòng",
        "Văn phòng Ủy ban nhân dân tỉnh",
        ("Văn phòng UBND tỉnh", "VP UBND tỉnh"),
    ),
    Department("SNV", "sở", "Sở Nội vụ", ("Sở NV",)),
    Department("STP", "sở", "Sở Tư pháp", ("Sở TP",)),
    Department("STC", "sở", "Sở Tài chính", ("Sở TC",)),
    Department("SCT", "sở", "Sở Công Thương", ("Sở CT",)),
    Department("SXD", "sở", "Sở Xây dựng", ("Sở XD",)),
    Department("SKHCN", "sở", "Sở Khoa học và Công nghệ", ("Sở KH&CN", "Sở KHCN")),
    Department(
        "SVHTTDL",
        "sở",
        "Sở Văn hóa, Thể thao và Du lịch",
        ("Sở VH, TT&DL", "Sở VHTT&DL", "Sở VHTTDL"),
    ),
    Department("SGDDT", "sở", "Sở Giáo dục và Đào tạo", ("Sở GD&ĐT", "Sở GDĐT")),
    Department("SYT", "sở", "Sở Y tế", ("Sở YT",)),
    Department("TTT", "thanh tra", "Thanh tra tỉnh"),
    Department(
        "BQLKCN",
        "ban",
        "Ban Quản lý các khu công nghiệp",
        ("Ban Quản lý các khu công nghiệp tỉnh", "BQL các khu công nghiệp", "BQL các KCN"),
    ),
    Department(
        "TTPVHCC",
        "trung tâm",
        "Trung tâm Phục vụ hành chính công tỉnh",
        ("TT Phục vụ hành chính công tỉnh", "Trung tâm PVHCC tỉnh", "TTPVHCC tỉnh"),
    ),
    Department(
        "SKHDT",
        "sở",
        "Sở Kế hoạch và Đầu tư",
        ("Sở KH&ĐT", "Sở KHĐT"),
        merged_into="STC",
    ),
    Department(
        "SLDTBXH",
        "sở",
        "Sở Lao động - Thương binh và Xã hội",
        ("Sở LĐ-TB&XH", "Sở LĐTB&XH", "Sở LĐTBXH"),
        merged_into="SNV",
    ),
    Department("SGTVT", "sở", "Sở Giao thông vận tải", ("Sở GTVT",), merged_into="SXD"),
    Department(
        "STTTT",
        "sở",
        "Sở Thông tin và Truyền thông",
        ("Sở TT&TT", "Sở TTTT"),
        merged_into="SKHCN",
    ),
    Department(
        "SNNPTNT",
        "sở",
        "Sở Nông nghiệp và Phát triển nông thôn",
        ("Sở NN&PTNT", "Sở NNPTNT", "Sở Nông nghiệp & PTNT"),
        merged_into="SNNMT",
    ),
    Department(
        "STNMT",
        "sở",
        "Sở Tài nguyên và Môi trường",
        ("Sở TN&MT", "Sở TNMT"),
        merged_into="SNNMT",
    ),
    Department("BDT", "ban", "Ban Dân tộc", merged_into="SDTTG"),
    Department(
        "SNNMT",
        "sở",
        "Sở Nông nghiệp và Môi trường",
        ("Sở NN&MT", "Sở NNMT"),
        is_new=True,
    ),
    Department("SDTTG", "sở", "Sở Dân tộc và Tôn giáo", ("Sở DT&TG", "Sở DTTG"), is_new=True),
)
