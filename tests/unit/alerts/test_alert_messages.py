"""What messages say: the official wording, both languages, nothing that breaks out of its place."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioc.alerts.answers.links import AnswerLinks, LinkSigner
from ioc.alerts.messages import message_id, render
from ioc.alerts.messages.samples import sample_envelopes, sample_notices, write_samples
from ioc.alerts.notice import (
    AlertItem,
    AnswerKind,
    AnswerLine,
    Digest,
    DigestLine,
    Notice,
    NoticeKind,
    OutsideAlert,
)
from ioc.alerts.people import Person, Post
from schemas.alert_texts import AlertText
from schemas.alerting.names import AlertRule, Cause, Role

LINKS = AnswerLinks(LinkSigner("k" * 32), "https://ioc.example.vn/tra-loi/", 72)
PERSON = Person(
    "mot-cua",
    "",
    "vi",
    (Post(Role.DESK_LEAD, "04795"),),
    {"email": "a@example.vn", "zalo": "+84"},
)
FILE = AlertItem(
    "overdue/000.25/1",
    AlertRule.OVERDUE,
    "04795",
    "Phường Thịnh Lang",
    "000.25",
    handler="H28.STC",
    handler_name="Sở Tài chính",
    due_at=1_725_440_400,
    late_seconds=9 * 3600,
    late_days=2,
)


def notice(kind: NoticeKind = NoticeKind.SINGLE, *items: AlertItem, **changes) -> Notice:
    made = Notice(
        kind,
        f"{kind.value}/mot-cua/x",
        "mot-cua",
        Role.DESK_LEAD,
        "04795",
        "Phường Thịnh Lang",
        "vi",
        1_725_500_000,
        items or (FILE,),
    )
    return replace(made, **changes)


def subject(made: Notice) -> str:
    return render(made, PERSON, "email", None).subject


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        (
            {"rule": AlertRule.DUE_SOON, "left_seconds": 8 * 3600},
            "Hồ sơ 000.25 sắp đến hạn, còn 8 giờ làm việc",
        ),
        (
            {"rule": AlertRule.DUE_SOON, "left_seconds": 100},
            "Hồ sơ 000.25 sắp đến hạn, còn chưa đến 1 giờ làm việc",
        ),
        ({}, "Hồ sơ 000.25 quá hạn 2 ngày làm việc tại Phường Thịnh Lang"),
        (
            {"late_days": 0, "late_seconds": 7_200},
            "Hồ sơ 000.25 quá hạn 2 giờ làm việc tại Phường Thịnh Lang",
        ),
        ({"rule": AlertRule.NO_APOLOGY}, "Hồ sơ 000.25 quá hạn, chưa có văn bản xin lỗi"),
        (
            {"rule": AlertRule.LEG_OVERDUE, "leg": 2},
            "Hồ sơ liên thông 000.25 quá hạn 2 ngày làm việc tại Sở Tài chính (chặng 2)",
        ),
    ],
)
def test_a_file_is_spoken_of_in_the_official_wording(changes: dict, says: str):
    assert subject(notice(NoticeKind.SINGLE, replace(FILE, **changes))) == says


def test_a_file_is_late_from_midnight_on_also_on_a_day_off():
    sunday = replace(FILE, late_seconds=0, late_days=1)
    text = render(notice(NoticeKind.SINGLE, sunday), PERSON, "email", None).text
    assert "Đã quá hạn: 1 ngày làm việc" in text
    assert "Văn bản xin lỗi: Chưa có" in text


def test_escalation_and_withdrawal_use_the_official_wording():
    waiting = replace(FILE, waited_seconds=8 * 3600)
    assert subject(notice(NoticeKind.ESCALATION, waiting)).startswith(
        "Chuyển cấp trên: chưa phản hồi sau 8 giờ làm việc: "
    )
    done = replace(FILE, why="done_in_time")
    assert (
        subject(notice(NoticeKind.WITHDRAWAL, done))
        == "Rút cảnh báo: hồ sơ 000.25 đã xử lý xong đúng hạn, dữ liệu đến muộn"
    )
    moved = replace(FILE, why="due_changed")
    assert "đúng hạn" not in subject(notice(NoticeKind.WITHDRAWAL, moved)), "that is not known"


def test_a_silent_desk_accuses_nobody():
    silent = AlertItem("s", AlertRule.SILENT_DESK, "04795", "Xã A", since_at=1_725_329_520)
    envelope = render(notice(NoticeKind.TECHNICIAN, silent), PERSON, "email", LINKS)
    assert envelope.subject == "Chưa nhận được dữ liệu từ Xã A kể từ 09:12 03/09/2024"
    assert "quá hạn" not in envelope.text


def test_an_escalation_shows_what_was_answered():
    said = AnswerLine(
        AnswerKind.EXPLAINED, Role.DESK_LEAD, "mot-cua", 1_725_440_400,
        Cause.WAITS_FOR_AGENCY, "đã gửi công văn", "2024-09-06",
    )  # fmt: skip
    items = (replace(FILE, answers=(said,)), replace(FILE, alert_id="b", dossier_id="000.26"))
    envelope = render(notice(NoticeKind.ESCALATION, *items), PERSON, "email", None)
    line = (
        "Phụ trách Bộ phận Một cửa (mot-cua) giải trình lúc 16:00 04/09/2024: "
        "Chờ cơ quan phối hợp – đã gửi công văn; dự kiến xong 06/09/2024"
    )
    assert line in envelope.text
    assert line in envelope.html
    assert envelope.text.count("Chưa có phản hồi") == 1


def test_every_message_has_its_own_links_and_none_without_an_address():
    items = (FILE, replace(FILE, alert_id="b", may_answer=False))
    made = notice(NoticeKind.GROUP, *items, total=60)
    envelope = render(made, PERSON, "email", LINKS)
    links = re.findall(r"https://ioc\.example\.vn/tra-loi/a/[\w.\-]+", envelope.text)
    assert len(links) == 2, "one for the file that may be answered, one for all"
    assert len(set(links)) == 2
    assert set(links) <= set(re.findall(r'href="([^"]+)"', envelope.html))
    assert render(made, PERSON, "email", LINKS) == envelope, "a repeat has the same links"
    other = render(replace(made, person="other"), PERSON, "email", LINKS)
    assert not set(links) & set(re.findall(r"https://[\w./\-]+", other.text))
    assert "http" not in render(made, PERSON, "email", None).text
    assert "… và 58 hồ sơ nữa" in envelope.text


def test_short_channels_get_a_short_text():
    items = tuple(replace(FILE, alert_id=f"a{n}", dossier_id=f"H-{n}") for n in range(40))
    envelope = render(notice(NoticeKind.GROUP, *items), PERSON, "zalo", LINKS)
    assert not envelope.html
    assert not envelope.attachments
    assert "H-7" in envelope.text
    assert "H-8" not in envelope.text
    fields = dict(envelope.fields)
    assert fields["link"].startswith("https://")
    assert fields["short"] == f"{envelope.subject} {fields['link']}"


def test_repeats_and_urgent_messages_keep_their_identity():
    made = notice()
    again, first = render(made.repeated(), PERSON, "email", None), render(
        made, PERSON, "email", None
    )  # fmt: skip
    assert again.message_id == first.message_id == "single/mot-cua/x/email"
    assert again.is_repeat
    assert not first.is_repeat
    assert subject(replace(made, is_urgent=True)).startswith("[KHẨN] ")
    assert message_id(replace(made, notice_id="đơn"), "email").isascii()


def digest(lines: int, **changes) -> Digest:
    made = Digest(
        "2024-09-04",
        "2024-09-03",
        1_725_407_880,
        overdue=1_942,
        overdue_before=1_880,
        without_apology=604,
        due_soon=2_315,
        lines=tuple(
            DigestLine(f"u{n}", f"Xã {n}", 50 + n, 40, n, 3, "sở", "Sở Y tế", "supplement", 9, n)
            for n in range(lines)
        ),
    )
    return replace(made, **changes)


def test_a_digest_has_ten_lines_and_a_file_of_everything():
    items = tuple(replace(FILE, alert_id=f"a{n}", dossier_id=f"={n}") for n in range(30))
    made = notice(NoticeKind.DIGEST, *items, digest=digest(13, silent=("Xã A",), more_units=4))
    envelope = render(made, PERSON, "email", LINKS)
    assert envelope.subject == (
        "Bản tin sáng 04/09/2024: 1.942 hồ sơ quá hạn (+62 so với hôm trước)"
    )
    assert len(re.findall(r"^\d+\. ", envelope.text, re.MULTILINE)) == 10
    assert "7 đơn vị khác" in envelope.text, "three lines beyond the ten, four units beyond those"
    assert "Sở Y tế giữ, chờ bổ sung giấy tờ (9); 1 chưa xin lỗi; 1 đã giải trình" in envelope.text
    assert "đã xin lỗi đủ" in envelope.text
    assert "Chưa nhận được dữ liệu: Xã A" in envelope.text
    assert "/a/" not in envelope.text, "a digest asks for no answers"
    (file,) = envelope.attachments
    assert file.name == "ho-so-2024-09-04.xlsx"
    page = openpyxl.load_workbook(io.BytesIO(file.content)).active
    assert page is not None
    cells = [list(row) for row in page.iter_rows()]
    heading = next(n for n, row in enumerate(cells) if row[0].value == "Mã hồ sơ")
    rows = cells[heading + 1 :]
    assert [row[0].value for row in rows] == [item.dossier_id for item in items]
    assert {row[0].data_type for row in rows} == {"s"}, "no text becomes a formula"
    assert (
        render(notice(NoticeKind.DIGEST, digest=digest(0)), PERSON, "zalo", None).attachments == ()
    )


def test_a_digest_says_when_nothing_is_wrong_and_never_calls_better_worse():
    good = digest(0, overdue=0, overdue_before=0, without_apology=0)
    assert (
        "Không có hồ sơ quá hạn."
        in render(notice(NoticeKind.DIGEST, digest=good), PERSON, "email", None).text
    )
    lines = (DigestLine("u", "Xã A", 3, 5, 0, 0), DigestLine("v", "Xã B", 9, 5, 0, 0))
    better = replace(digest(0), lines=lines)
    text = render(notice(NoticeKind.WEEKLY, digest=better), PERSON, "email", None).text
    assert "Xấu đi" not in text
    assert "Xã A: 3 (−2)" in text


def test_samples_of_all_messages_are_written(tmp_path):
    kinds = {made.kind for _, made in sample_notices("vi")}
    assert kinds == set(NoticeKind)
    rules = {item.rule for _, made in sample_notices("vi") for item in made.items}
    assert rules == set(AlertRule)
    for language in ("vi", "en"):
        written = write_samples(tmp_path / language, language, LINKS)
        assert len({path.name for path in written}) == len(written)
        assert {path.suffix for path in written} == {".txt", ".html", ".xlsx"}
    english = "".join(
        path.read_text("utf-8").split("--\n")[0] for path in (tmp_path / "en").glob("*.txt")
    )
    for name in ("Hồ sơ", "quá hạn", "giờ làm việc", "Kính gửi"):
        assert name not in english.replace("đề nghị", "")
    for _, envelope in sample_envelopes("vi", LINKS):
        assert len(envelope.subject) < 250
        assert "\n" not in envelope.subject


def test_every_rule_role_and_cause_has_a_name():
    for prefix, names in (("RULE", AlertRule), ("ROLE", Role), ("CAUSE", Cause)):
        for name in names:
            assert AlertText[f"{prefix}_{name.name}"]


class _Checker(HTMLParser):
    """Counts what opens and closes; a text that broke out would open something of its own."""

    VOID = frozenset({"meta", "br"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


TEXT = st.text(max_size=30) | st.sampled_from(
    ["<script>alert(1)</script>", '"><img src=x onerror=y>', "{{ 7*7 }}", "</td>", "\r\nBcc: a@b"]
)
TIME = st.integers(0, 4_000_000_000)
ANSWER = st.builds(
    AnswerLine, st.sampled_from(AnswerKind), st.sampled_from(Role), TEXT, TIME,
    st.none() | st.sampled_from(Cause), TEXT, st.just("") | st.dates().map(str),
)  # fmt: skip
ITEM = st.builds(
    AlertItem, TEXT, st.sampled_from(AlertRule), TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT,
    due_at=TIME, late_seconds=st.integers(0, 10**7), late_days=st.integers(0, 999),
    left_seconds=st.integers(0, 10**6), apologised=st.booleans(), leg=st.integers(0, 9),
    answers=st.lists(ANSWER, max_size=2).map(tuple), unknown_since=TIME,
    waited_seconds=st.integers(0, 10**6), value=st.floats(0, 10**6), threshold=st.floats(0, 1),
    since_at=TIME, why=st.sampled_from(["", "done_in_time", "due_changed"]),
    may_answer=st.booleans(),
)  # fmt: skip
NOTICE = st.builds(
    Notice, st.sampled_from([kind for kind in NoticeKind if kind is not NoticeKind.SINGLE]),
    st.text(max_size=20), TEXT, st.sampled_from(Role), TEXT, TEXT, st.sampled_from(["vi", "en"]),
    TIME, st.lists(ITEM, min_size=1, max_size=4).map(tuple), st.integers(0, 10_000), TEXT,
    digest=st.integers(0, 12).map(digest),
    outside=st.none() | st.builds(OutsideAlert, TEXT, TEXT, TEXT, st.booleans(), TIME, TEXT),
)  # fmt: skip


@given(NOTICE)
def test_no_text_breaks_out_of_its_place(made: Notice):
    envelope = render(made, PERSON, "email", LINKS)
    checker = _Checker()
    checker.feed(envelope.html)
    assert checker.open == []
    assert not checker.names & {"script", "img", "iframe", "style", "link", "form"}
    assert not {name for name in checker.attributes if name.startswith("on")}
    assert envelope.message_id.isascii()
    assert envelope.text.strip()
