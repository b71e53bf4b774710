"""Figures of the sample digests."""

from __future__ import annotations

import datetime as dt

from ioc.alerts.notice import Digest, DigestLine
from ioc.wall.period import VIETNAM

_NAMES = (
    "Thành phố Hòa Bình",
    "Huyện Lương Sơn",
    "Huyện Kim Bôi",
    "Huyện Tân Lạc",
    "Xã Độc Lập",
    "Sở Giao thông vận tải",
    "Huyện Yên Thủy",
    "Thị trấn Mãn Đức",
    "Trung tâm Phục vụ hành chính công tỉnh",
)
_CAUSES = ("processing", "supplement", "leg", "handler", "payment")
_COMPLETE = int(dt.datetime(2024, 9, 4, 6, 58, tzinfo=VIETNAM).timestamp())


def daily(unit: str, name: str) -> Digest:
    """Return the figures of a morning."""
    return _figures("2024-09-04", "2024-09-03", unit, name, 1)


def weekly(unit: str, name: str) -> Digest:
    """Return the figures of a Monday."""
    return _figures("2024-09-09", "2024-09-02", unit, name, 3)


def _figures(day: str, since: str, unit: str, name: str, times: int) -> Digest:
    lines = tuple(
        DigestLine(
            unit if at == 0 else f"unit-{at}",
            each,
            overdue=(312 - 31 * at) * times,
            overdue_before=(312 - 31 * at) * times - (24 - 2 * at) * times,
            without_apology=max(0, 120 - 20 * at),
            due_soon=14 - at,
            holder="office" if at % 2 else (unit if at == 0 else f"unit-{at}"),
            holder_name="Sở Tài nguyên và Môi trường" if at % 2 else "",
            cause=_CAUSES[at % len(_CAUSES)],
            cause_files=(180 - 17 * at) * times,
            explained=at % 3,
        )
        for at, each in enumerate((name, *_NAMES))
    )
    return Digest(
        day,
        since,
        _COMPLETE,
        overdue=1_942 * times,
        overdue_before=1_880 * times,
        without_apology=604,
        due_soon=2_315,
        lines=lines,
        silent=("Xã Đồng Chum", "Xã Mường Chiềng"),
        more_units=41,
    )
