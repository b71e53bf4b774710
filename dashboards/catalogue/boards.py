"""Every board, in the order of the menu."""

from __future__ import annotations

from dashboards.board import Board, Variable
from dashboards.catalogue import first_page, leaders, one_unit, shift_log
from schemas.messages import Message

PROVINCE = Board(
    id="province",
    title=Message("Toàn tỉnh", "Province"),
    definition=Message(
        "Tình hình tiếp nhận và giải quyết hồ sơ của toàn tỉnh trong kỳ.",
        "Dossiers received and resolved in the whole province in the period.",
    ),
    panels=first_page.PANELS,
    variables=(Variable.PERIOD,),
)
PROVINCE_DETAIL = Board(
    id="province-detail",
    title=Message("Toàn tỉnh: chi tiết", "Province: details"),
    definition=Message(
        "Nơi chậm, lĩnh vực chậm, hồ sơ quá hạn lâu và đơn vị im lặng của toàn tỉnh.",
        "Where delay is, in which fields, the longest overdue dossiers and silent desks of the "
        "whole province.",
    ),
    panels=first_page.DETAIL,
    variables=(Variable.PERIOD,),
)
UNIT = Board(
    id="unit",
    title=Message("Đơn vị", "Unit"),
    definition=Message(
        "Một đơn vị và cấp dưới của nó, đến từng hồ sơ.",
        "One unit and everything below it, down to the single dossier.",
    ),
    panels=one_unit.PANELS,
    variables=(
        Variable.PERIOD,
        Variable.UNIT,
        Variable.LEVEL,
        Variable.FIELD,
        Variable.CHANNEL,
        Variable.DOSSIER,
    ),
)
LEADERS = Board(
    id="leaders",
    title=Message("Lãnh đạo", "Leaders"),
    definition=Message(
        "Hồ sơ quá hạn và sắp quá hạn của đơn vị và cấp dưới, với nguyên nhân và việc xin lỗi.",
        "Overdue dossiers and those about to be of a unit and everything below it, with cause and "
        "apology.",
    ),
    panels=leaders.PANELS,
    variables=(
        Variable.PERIOD,
        Variable.UNIT,
        Variable.LEVEL,
        Variable.FIELD,
        Variable.CHANNEL,
    ),
)
PIPELINE = Board(
    id="pipeline",
    title=Message("Luồng dữ liệu", "Pipeline"),
    definition=Message(
        "Sự kiện đi qua hệ thống: tốc độ, tồn đọng, độ trễ, bản tin lỗi, nguồn.",
        "Events on their way through the system: rate, lag, latency, unreadable records, sources.",
    ),
    panels=first_page.PIPELINE,
    variables=(Variable.PERIOD,),
)

SHIFT = Board(
    id="shift",
    title=Message("Ca trực", "Shift"),
    definition=Message(
        "Những gì người trực đã đánh dấu cho nhau.",
        "What operators told each other by marks.",
    ),
    panels=shift_log.PANELS,
    signed_in=True,
)

BOARDS: tuple[Board, ...] = (PROVINCE, PROVINCE_DETAIL, UNIT, LEADERS, PIPELINE, SHIFT)


def board(board_id: str) -> Board:
    """Return a board by its id; raises `KeyError` for an unknown one."""
    for each in BOARDS:
        if each.id == board_id:
            return each
    raise KeyError(board_id)
