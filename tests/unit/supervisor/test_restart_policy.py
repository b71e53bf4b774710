from __future__ import annotations

from ioc.supervisor.restart_policy import Backoff, Patience, RestartPolicy

POLICY = RestartPolicy(
    first_seconds=0.5,
    factor=2,
    longest_seconds=3,
    reset_after_seconds=60,
    unhealthy_after_seconds=30,
)


def test_each_wait_is_longer_up_to_a_limit():
    backoff = Backoff(POLICY)
    assert [backoff.next_wait_seconds(1) for _ in range(5)] == [0.5, 1, 2, 3, 3]


def test_a_minute_of_health_starts_the_waits_again():
    backoff = Backoff(POLICY)
    assert [backoff.next_wait_seconds(ready) for ready in (0, 59.9, 60, 0)] == [0.5, 1, 0.5, 1]


def test_patience_ends_only_after_unbroken_sickness():
    patience = Patience(POLICY)
    observations = [(True, 0), (False, 10), (False, 39), (True, 39.5), (False, 40), (False, 69.9)]
    assert not any(patience.is_over(healthy, now) for healthy, now in observations)
    assert patience.is_over(False, 70)
