"""When figures are called old, and when a report is called unbalanced."""

from __future__ import annotations

from ioc.wall.balance import PATIENCE_SECONDS, BalanceWatch
from ioc.wall.status import Progress, judge

NOW = 1_800_000_000_000
FINE = Progress(4, 4, NOW - 900, NOW - 900, 0, 12.5, 0)


def test_live():
    status = judge(FINE, NOW - 300, NOW)
    assert (status.state, status.reason, status.since) == ("live", "", 0)
    assert status.age_seconds == 0.9


def test_a_warehouse_that_was_not_read_comes_before_all_else():
    status = judge(FINE, NOW - 5_001, NOW)
    assert (status.state, status.reason, status.since) == ("stale", "warehouse", NOW - 5_001)
    assert judge(FINE, NOW - 5_000, NOW).state == "live"
    assert judge(FINE, 0, NOW).reason == "warehouse"


def test_a_silent_worker():
    silent = Progress(4, 4, NOW - 5_001, NOW - 5_001)
    status = judge(silent, NOW, NOW)
    assert (status.state, status.reason, status.since) == ("stale", "worker", NOW - 5_001)


def test_a_partition_that_nobody_reports():
    status = judge(Progress(4, 3, 0, NOW - 60_000), NOW, NOW)
    assert (status.state, status.reason, status.since) == ("stale", "worker", NOW - 60_000)


def test_no_worker_yet():
    status = judge(Progress(), NOW, NOW)
    assert (status.state, status.reason, status.since) == ("stale", "no_worker", 0)
    assert status.age_seconds is None


def test_a_stalled_partition():
    status = judge(Progress(4, 4, NOW, NOW - 90_000, 50, 0.0, 1), NOW, NOW)
    assert (status.state, status.reason, status.since) == ("stale", "stalled", NOW - 90_000)


def test_lagging_is_not_live():
    assert judge(Progress(4, 4, NOW, NOW - 15_001, 50), NOW, NOW).state == "catching_up"
    assert judge(Progress(4, 4, NOW, NOW - 15_000, 50), NOW, NOW).state == "live"
    assert judge(Progress(4, 4, NOW, 0, 50), NOW, NOW).state == "catching_up"


def test_a_report_is_unbalanced_only_when_it_stays_so():
    """Two tables are written one after the other: a look between them is no fault."""
    watch = BalanceWatch()
    assert watch.see(0, 0.0) == "balanced"
    assert watch.see(-3, 1.0) == "balancing"
    assert watch.see(5, 1.0 + PATIENCE_SECONDS - 0.1) == "balancing"
    assert watch.see(5, 1.0 + PATIENCE_SECONDS) == "unbalanced"
    assert watch.see(0, 12.0) == "balanced"
    assert watch.see(1, 30.0) == "balancing"
