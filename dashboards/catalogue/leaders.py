"""The leaders' board: theirs, overdue, about to be, with cause and apology."""

from __future__ import annotations

from dashboards.catalogue import alerts, columns, main_figures
from dashboards.catalogue.dossiers import TO_DOSSIER
from dashboards.catalogue.units import NONE_OVERDUE, TO_UNIT
from dashboards.panel import Column, Figure, Kind, Panel, Place
from schemas.messages import Message

_WITHOUT_APOLOGY = Figure(
    "without_apology",
    Message("Quá hạn chưa xin lỗi", "Overdue without apology"),
    Message(
        "Số hồ sơ quá hạn chưa có văn bản xin lỗi, trong số hồ sơ quá hạn.",
        "Overdue dossiers without a written apology, of those overdue.",
    ),
    note=Message("trên {overdue} quá hạn", "of {overdue} overdue"),
)
FIGURES = Panel(
    id="leaders_figures",
    title=Message("Hồ sơ của tôi", "Mine"),
    definition=Message(
        "Hồ sơ chưa kết thúc của đơn vị và cấp dưới, so với thời điểm xem.",
        "Unfinished dossiers of the unit and everything below it, compared with the moment of "
        "looking.",
    ),
    sql="unit_open",
    kind=Kind.FIGURES,
    place=Place(0, 0, 24, 6),
    columns=columns.OPEN_NOW,
    figures=(
        main_figures.OPEN,
        main_figures.OVERDUE,
        main_figures.OVERDUE_NEW,
        _WITHOUT_APOLOGY,
        main_figures.DUE_SOON,
    ),
    large=True,
)
CAUSES = Panel(
    id="overdue_causes",
    title=Message("Nguyên nhân quá hạn", "Why overdue"),
    definition=Message(
        "Hồ sơ quá hạn theo nơi đang vướng, trên tổng số hồ sơ quá hạn của đơn vị và cấp dưới.",
        "Overdue dossiers by what they wait for, of all overdue ones of the unit and everything "
        "below it.",
    ),
    sql="overdue_causes",
    kind=Kind.BARS,
    place=Place(0, 6, 7, 8),
    columns=(columns.CAUSE, columns.OVERDUE, columns.SHARE, Column("without_apology")),
)
HOLDERS = Panel(
    id="overdue_holders",
    title=Message("Đang ở đơn vị nào", "Where they are"),
    definition=Message(
        "Quá hạn trên đang giải quyết theo đơn vị đang xử lý, lúc xem; nơi có hồ sơ mới quá hạn "
        "trong ca xếp trước.",
        "Overdue of those in process, by the unit that has them, at the moment of looking; where "
        "any fell overdue in this shift comes first.",
    ),
    sql="overdue_holders",
    kind=Kind.RANKING,
    place=Place(0, 14, 7, 16),
    columns=(
        columns.UNIT_CODE,
        columns.UNIT_NAME,
        columns.UNIT_PARENT,
        columns.OVERDUE,
        columns.OPEN,
        columns.SHARE,
        columns.OVERDUE_NEW,
    ),
    link=TO_UNIT,
    none=NONE_OVERDUE,
)
OVERDUE = Panel(
    id="leaders_overdue",
    title=Message("Hồ sơ quá hạn", "Overdue"),
    definition=Message(
        "Hồ sơ đang giải quyết đã qua hạn trả, lâu nhất trước, tính theo giờ hoặc ngày làm "
        "việc (8 giờ), lúc xem.",
        "Dossiers in process past their due time, the longest first, in working hours or days of 8 "
        "hours, at the moment of looking.",
    ),
    sql="overdue_dossiers",
    kind=Kind.DOSSIERS,
    place=Place(7, 6, 17, 9),
    columns=columns.OVERDUE_DOSSIER,
    link=TO_DOSSIER,
    signed_in=True,
    none=NONE_OVERDUE,
)
SOON = Panel(
    id="leaders_soon",
    title=Message("Hồ sơ sắp quá hạn", "About to be overdue"),
    definition=Message(
        "Hồ sơ đang giải quyết còn không quá 8 giờ làm việc (hoặc mức đã cài đặt) là quá hạn, gần "
        "nhất trước.",
        "Dossiers in process with at most 8 working hours (or what is set) until they are overdue, "
        "the next one first.",
    ),
    sql="soon_dossiers",
    kind=Kind.DOSSIERS,
    place=Place(7, 15, 17, 7),
    columns=columns.SOON_DOSSIER,
    link=TO_DOSSIER,
    signed_in=True,
    none=Message("Không có hồ sơ sắp quá hạn", "None is about to be overdue"),
)

PANELS = (FIGURES, CAUSES, OVERDUE, HOLDERS, SOON, alerts.ANSWERS)
