"""A sample of every message, to be looked at before anybody gets one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ioc.alerts.channels.envelope import Envelope
from ioc.alerts.messages.envelope_parts import Links
from ioc.alerts.messages.render import MAIL, render
from ioc.alerts.messages.sample_digest import daily, weekly
from ioc.alerts.notice import (
    AlertItem,
    AnswerKind,
    AnswerLine,
    Notice,
    NoticeKind,
    OutsideAlert,
)
from ioc.alerts.people import Person, Post
from ioc.wall.period import VIETNAM
from schemas.alerting.names import AlertRule, Cause, Role

_WARD, _WARD_NAME = "04795", "Phường Thịnh Lang"
_OFFICE, _OFFICE_NAME = "H28.STNMT", "Sở Tài nguyên và Môi trường"
_CHAT = "zalo"


class _Reader(NamedTuple):
    role: Role
    person: str
    unit: str = _WARD
    unit_name: str = _WARD_NAME


_DESK = _Reader(Role.DESK_LEAD, "mot-cua-thinh-lang")
_CHAIR = _Reader(Role.CHAIR, "chu-tich-thinh-lang")
_TECHNICIAN = _Reader(Role.TECHNICIAN, "ky-thuat-vien")
_LEADER = _Reader(Role.PROVINCE_LEADER, "lanh-dao-tinh", "17", "Tỉnh Hòa Bình")


def _at(day: int, hour: int, minute: int = 0) -> int:
    return int(dt.datetime(2024, 9, day, hour, minute, tzinfo=VIETNAM).timestamp())


def write_samples(folder: Path, language: str, links: Links | None) -> list[Path]:
    """Write every message as text, its HTML and its files; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for number, (name, envelope) in enumerate(sample_envelopes(language, links), start=1):
        stem = folder / f"{number:02d}-{name}"
        head = f"{envelope.subject}\n\n"
        files = {".txt": (head + envelope.text).encode()}
        if envelope.html:
            files[".html"] = envelope.html.encode()
        files |= {Path(each.name).suffix: each.content for each in envelope.attachments}
        for ending, content in files.items():
            path = stem.with_name(stem.name + ending)
            path.write_bytes(content)
            written.append(path)
    return written


def sample_envelopes(language: str, links: Links | None) -> Iterator[tuple[str, Envelope]]:
    """Yield a name and the message for each kind and each rule."""
    for name, notice in sample_notices(language):
        person = Person(
            notice.person,
            "",
            language,
            (Post(notice.role, notice.unit),),
            {MAIL: "nguoi-nhan@example.vn", _CHAT: "0"},
        )
        yield name, render(notice, person, MAIL, links)
        if notice.kind in (NoticeKind.SINGLE, NoticeKind.GROUP):
            yield f"{name}-chat", render(notice, person, _CHAT, links)


def sample_notices(language: str) -> Iterator[tuple[str, Notice]]:
    """Yield a notice of each kind; single ones of each rule about files."""
    for item in _file_items():
        yield f"single-{item.rule.value}", _notice(language, NoticeKind.SINGLE, (item,))
    items = _file_items()
    yield "group", _notice(language, NoticeKind.GROUP, items)
    many = _notice(language, NoticeKind.SUMMARY, items, total=212)
    counts = ((AlertRule.OVERDUE, 150), (AlertRule.DUE_SOON, 50), (AlertRule.NO_APOLOGY, 12))
    yield "summary", replace(many, counts=counts)
    answers = _answers()
    asked = tuple(
        replace(item, answers=said, waited_seconds=8 * 3600)
        for item, said in zip(items[2:5], (answers, answers[:1], ()), strict=True)
    )
    yield "escalation", _notice(language, NoticeKind.ESCALATION, asked, _CHAIR)
    yield "escalation-one", _notice(language, NoticeKind.ESCALATION, asked[:1], _CHAIR)
    taken_back = (replace(items[2], why="done_in_time"), replace(items[3], why="due_changed"))
    yield "withdrawal", _notice(language, NoticeKind.WITHDRAWAL, taken_back[:1])
    yield "withdrawals", _notice(language, NoticeKind.WITHDRAWAL, taken_back)
    yield "unit", _notice(language, NoticeKind.UNIT, _unit_items(), _CHAIR, is_urgent=True)
    silent = AlertItem(
        "silent_desk/04795", AlertRule.SILENT_DESK, _WARD, _WARD_NAME, since_at=_at(3, 9, 12),
        may_answer=False,
    )  # fmt: skip
    yield "silent-desk", _notice(language, NoticeKind.TECHNICIAN, (silent,), _TECHNICIAN)
    outside = OutsideAlert(
        "grafana", "Không còn tín hiệu từ tiến trình xử lý", "IOC: worker", True, _at(3, 9)
    )
    yield (
        "grafana",
        replace(_notice(language, NoticeKind.TECHNICIAN, (), _TECHNICIAN), outside=outside),
    )
    for name, kind, figures in (
        ("digest", NoticeKind.DIGEST, daily(_WARD, _WARD_NAME)),
        ("weekly", NoticeKind.WEEKLY, weekly(_WARD, _WARD_NAME)),
    ):
        notice = _notice(language, kind, items[2:], _LEADER)
        yield name, replace(notice, digest=figures)
    repeat = _notice(language, NoticeKind.SINGLE, items[2:3])
    yield "repeat", repeat.repeated()


def _notice(
    language: str,
    kind: NoticeKind,
    items: tuple[AlertItem, ...],
    reader: _Reader = _DESK,
    *,
    total: int = 0,
    is_urgent: bool = False,
) -> Notice:
    return Notice(
        kind,
        f"{kind.value}/{reader.person}/sample",
        reader.person,
        reader.role,
        reader.unit,
        reader.unit_name,
        language,
        _at(4, 7),
        items,
        total=total or len(items),
        is_urgent=is_urgent,
    )


def _file_items() -> tuple[AlertItem, ...]:
    base = AlertItem(
        "overdue/000.25.28.H28-240903-0003/1725440400",
        AlertRule.OVERDUE,
        _WARD,
        _WARD_NAME,
        "000.25.28.H28-240903-0003",
        handler=_WARD,
        handler_name=_WARD_NAME,
        procedure="1.001193",
        procedure_name="Thủ tục đăng ký khai sinh",
        due_at=_at(3, 17),
    )
    rules = (
        (AlertRule.RECEIPT_OVERDUE, {"late_seconds": 3600}),
        (AlertRule.DUE_SOON, {"left_seconds": 8 * 3600, "due_at": _at(4, 17)}),
        (AlertRule.OVERDUE, {"late_seconds": 16 * 3600, "late_days": 2}),
        (AlertRule.LEG_OVERDUE, {"late_seconds": 1800, "leg": 2, "handler": _OFFICE,
                                 "handler_name": _OFFICE_NAME}),
        (AlertRule.NO_APOLOGY, {"late_seconds": 8 * 3600, "late_days": 1}),
        (AlertRule.APOLOGY_DUE, {"left_seconds": 8 * 3600, "due_at": _at(4, 17)}),
    )  # fmt: skip
    return tuple(
        replace(
            base,
            rule=rule,
            alert_id=f"{rule.value}/000.25.28.H28-240903-{at:04d}/1725440400",
            dossier_id=f"000.25.28.H28-240903-{at:04d}",
            **changes,  # type: ignore[arg-type]
        )
        for at, (rule, changes) in enumerate(rules, start=3)
    )


def _unit_items() -> tuple[AlertItem, ...]:
    about = (
        (AlertRule.UNIT_SHARE, 0.125, 0.1),
        (AlertRule.UNIT_COUNT, 1_204, 1_000),
        (AlertRule.BACKLOG, 5, 5),
    )
    return tuple(
        AlertItem(
            f"{rule.value}/{_WARD}/2024-09-04",
            rule,
            _WARD,
            _WARD_NAME,
            value=value,
            threshold=threshold,
        )
        for rule, value, threshold in about
    )


def _answers() -> tuple[AnswerLine, ...]:
    lead = "mot-cua-thinh-lang"
    return (
        AnswerLine(AnswerKind.ACKNOWLEDGED, Role.DESK_LEAD, lead, _at(3, 14, 5)),
        AnswerLine(
            AnswerKind.EXPLAINED,
            Role.DESK_LEAD,
            lead,
            _at(3, 15, 40),
            Cause.WAITS_FOR_AGENCY,
            "đã gửi văn bản đề nghị phối hợp",
            "2024-09-06",
        ),
    )
