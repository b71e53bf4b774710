"""A clock that is moved and a point to die at: for tests, and never by accident."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ioc.alerts.under_test import MovedClock, check_hooks
from schemas.alerting.settings import AlertSettings
from schemas.errors import ConfigurationError


def settings(**given: object) -> AlertSettings:
    return AlertSettings(_env_file=None, **given)


@pytest.mark.parametrize("hook", [{"fail_point": "after-send"}, {"clock_file": Path("clock")}])
def test_a_hook_needs_a_second_word_and_a_local_broker(hook: dict[str, object]) -> None:
    here, away = "127.0.0.1:9092,[::1]:9092,localhost:9092", "127.0.0.1:9092,kafka.example:9092"
    check_hooks(settings(for_tests=True, **hook), here)
    with pytest.raises(ConfigurationError, match="for tests"):
        check_hooks(settings(**hook), here)
    for bootstrap in (away, "", "10.0.0.1:9092"):
        with pytest.raises(ConfigurationError, match="on this machine only"):
            check_hooks(settings(for_tests=True, **hook), bootstrap)


def test_production_needs_neither() -> None:
    check_hooks(settings(), "kafka.example:9092")


def test_the_clock_follows_its_file(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    clock = MovedClock(lambda: 1_000, file)
    assert clock.now_ms() == 1_000, "no file yet"
    for number, (text, ahead_ms) in enumerate((("3600", 3_600_000), ("-0.5", -500))):
        file.write_text(text, "ascii")
        os.utime(file, ns=(number + 1, number + 1))
        assert clock.now_ms() == 1_000 + ahead_ms
    assert MovedClock(lambda: 7, None).now_ms() == 7
