"""What a person is shown."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from ioc.verify import Difference, VerifyReport
from ioc.verify.report import Language, render
from ioc.verify.result import DIFFERENCE_LIMIT, Findings


def report(*differences: Difference, count: int | None = None) -> VerifyReport:
    return VerifyReport(
        differences=differences,
        difference_count=len(differences) if count is None else count,
        checked={"dossiers": 12345, "open_legs": 3},
        positions={},
        notes=("no checkpoint yet in 1 shards: 7",),
        looks=1,
    )


def shown(result: VerifyReport, language: Language) -> str:
    console = Console(file=io.StringIO(), width=160, color_system=None)
    console.print(render(result, language))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("vi", "Mọi số liệu đều khớp với nhật ký sự kiện."),
        ("en", "Every figure follows from the audit log."),
    ],
)
def test_a_good_report(language: Language, sentence: str) -> None:
    text = shown(report(), language)
    assert sentence in text
    assert "12,345" in text
    assert "no checkpoint yet in 1 shards: 7" in text


def test_differences_are_shown_as_they_are() -> None:
    """Keys are data: a dossier code in brackets must not be read as a style."""
    text = shown(report(Difference("dossiers", 7, "[bold]H28-1", "due_at", "4", "5")), "vi")
    assert "[bold]H28-1" in text
    assert "1 giá trị không khớp với nhật ký sự kiện." in text


def test_says_how_many_are_not_shown() -> None:
    many = [Difference("open_legs", None, f"key-{n}", "n", "1", "0") for n in range(60)]
    text = shown(report(*many, count=1500), "en")
    assert "Showing 50 of 1500 differences." in text
    assert "key-49" in text
    assert "key-50" not in text


def test_findings_keep_the_first_and_count_all() -> None:
    difference = Difference("open_legs", 1, "key", "n", "1", "0")
    findings = Findings()
    findings.add([difference] * (DIFFERENCE_LIMIT - 1), 5000)
    findings.add([difference] * 3, 3)
    assert len(findings.differences) == DIFFERENCE_LIMIT
    assert findings.count == 5003
