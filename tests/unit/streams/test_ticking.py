"""Which crossings are told, which wait and which are dropped."""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.events import EventRecord
from schemas.events.shard import shard_of
from streams.deadlines import Rule
from streams.fold import FoldRules
from streams.pipeline.policy import PipelinePolicy
from streams.pipeline.ticking import due_alerts, put_back
from streams.state import Dossier
from streams.state.heard import Heard
from streams.state.partition import PartitionState

RULES = FoldRules(WorkingCalendar(CalendarSettings(_env_file=None)), {}, {})
POLICY = PipelinePolicy()
LEAD = 8 * 3600
HOUR, DAY = 3600, 86_400


def at(text: str) -> int:
    """Epoch seconds of a local time in November 2026, e.g. '04 10:00' (a Wednesday)."""
    return int(dt.datetime.fromisoformat(f"2026-11-{text}:00+07:00").timestamp())


DUE = at("04 17:00")
#: Working-day limits: late from the midnight after the due day; soon a working day before.
LATE, SOON = at("05 00:00"), at("03 17:00")


def event(number: int, status: int, when: int, **said: object) -> EventRecord:
    fields: dict[str, object] = dict.fromkeys(EventRecord._fields)
    fields |= {"source": "mot-cua", "event_id": str(number), "content_hash": number}
    fields |= {"status": status, "occurred_ms": when * 1000}
    return EventRecord(**(fields | said))  # type: ignore[arg-type]


class Desk:
    """One partition with one dossier that is due on Wednesday."""

    def __init__(self) -> None:
        self.state = PartitionState(0, 1, 1, RULES)
        self.shard = self.state.shards[shard_of("d")]
        self.dossier = Dossier("d")
        self.state.hold(self.shard, self.dossier)
        self.add(event(0, 2, at("02 08:00"), due=DUE, receiver="xa-1"))

    def add(self, new: EventRecord, came_at: int | None = None) -> None:
        """Take an event in that the broker stored at an instant; else when it happened."""
        assert self.dossier.add(new)
        self.state.update(
            self.shard, self.dossier, LEAD, new.occurred if came_at is None else came_at
        )

    def tick(self, now: int, heard: Heard | None = None) -> list[tuple[Rule, bool]]:
        """Rules and digest flags of the alerts of this moment; they count as sent."""
        known = {} if heard is None else {"mot-cua": heard}
        alerts = [one.alert for one in due_alerts(self.state, now * 1000, known, POLICY)]
        self.shard.raised |= {alert.alert_id for alert in alerts}
        return [(alert.rule, alert.digest) for alert in alerts]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def fresh(now: int) -> Heard:
    return Heard(now * 1000, now * 1000)


def test_soon_and_then_late_each_once(desk: Desk) -> None:
    assert desk.tick(SOON - 1) == []
    assert desk.tick(SOON) == [(Rule.DUE_SOON, False)]
    assert desk.tick(LATE - 1) == []
    assert desk.tick(LATE) == [(Rule.OVERDUE, False)]
    assert desk.tick(LATE + DAY) == []


def test_soon_is_not_said_of_what_is_late_by_now(desk: Desk) -> None:
    assert desk.tick(LATE) == [(Rule.OVERDUE, False)]


def test_what_a_worker_finds_after_days_away_is_told_singly(desk: Desk) -> None:
    """Its file was known in time; on a Monday all of Friday's files went into the digest."""
    assert desk.tick(LATE + 3 * DAY) == [(Rule.OVERDUE, False)]


@pytest.mark.parametrize(("came_at", "is_old"), [(LATE + DAY, False), (LATE + DAY + 1, True)])
def test_a_file_that_came_long_after_its_deadline_goes_into_the_digest(
    came_at: int, is_old: bool
) -> None:
    desk = Desk()
    desk.dossier = Dossier("d")
    desk.state.hold(desk.shard, desk.dossier)
    desk.add(event(0, 2, at("02 08:00"), due=DUE, receiver="xa-1"), came_at)
    assert desk.tick(LATE + 9 * DAY) == [(Rule.OVERDUE, is_old)]


def test_what_is_said_later_of_a_file_makes_its_deadline_no_younger(desk: Desk) -> None:
    desk.add(event(1, 4, at("09 08:00")))
    assert desk.tick(at("09 09:00")) == [(Rule.OVERDUE, False)]


def test_a_deadline_that_was_moved_long_into_the_past_goes_into_the_digest(desk: Desk) -> None:
    desk.add(event(1, 4, at("02 09:00"), explicit_due=at("03 17:00")), at("06 08:00"))
    assert desk.tick(at("06 08:01")) == [(Rule.OVERDUE, True)]


def loaded(*events: EventRecord) -> Desk:
    """Another dossier that is due on Wednesday, all of it loaded later."""
    desk = Desk()
    desk.dossier = Dossier("d")
    desk.state.hold(desk.shard, desk.dossier)
    desk.add(event(0, 2, at("02 08:00"), due=DUE, receiver="xa-1", backfill=True))
    for one in events:
        desk.add(one)
    return desk


def test_what_was_loaded_later_goes_into_the_digest() -> None:
    """However fresh the crossing is."""
    desk = loaded(event(1, 4, at("02 09:00"), backfill=True))
    assert desk.tick(SOON) == [(Rule.DUE_SOON, True)]
    assert desk.tick(LATE) == [(Rule.OVERDUE, True)]


def test_a_live_event_makes_later_crossings_single_again() -> None:
    desk = loaded()
    assert desk.tick(SOON) == [(Rule.DUE_SOON, True)]
    desk.add(event(1, 4, at("03 18:00")))
    assert desk.tick(LATE) == [(Rule.OVERDUE, False)]
    assert desk.tick(LATE + HOUR) == [], "what was told in the digest is not told again"


def test_a_live_file_that_is_loaded_again_stays_live() -> None:
    """A desk sends everything once more as old data: the same event ids with other payloads."""
    for content_hash in (-1, 99):
        desk = Desk()
        desk.add(
            event(0, 2, at("02 08:00"), due=DUE, receiver="xa-1", backfill=True)._replace(
                content_hash=content_hash
            )
        )
        assert len(desk.dossier.events) == len(desk.dossier.losers) == 1
        assert desk.tick(LATE) == [(Rule.OVERDUE, False)]


def test_a_finished_dossier_crosses_nothing(desk: Desk) -> None:
    desk.add(event(1, 9, at("03 10:00")))
    assert desk.tick(LATE) == []


def test_a_new_date_is_a_new_crossing(desk: Desk) -> None:
    assert desk.tick(LATE) == [(Rule.OVERDUE, False)]
    desk.add(event(1, 4, LATE, explicit_due=at("06 17:00")))
    assert desk.tick(at("06 00:00")) == [(Rule.DUE_SOON, False)]
    assert desk.tick(at("07 00:00")) == [(Rule.OVERDUE, False)]


def test_a_deadline_that_went_and_came_back_is_told_once(desk: Desk) -> None:
    """Its timer was set twice; two copies of one alert must not leave in the same tick."""
    desk.add(event(1, 7, at("03 08:00")))
    desk.add(event(2, 4, at("03 08:30")))
    assert len(desk.shard.timers) == 4
    assert desk.tick(LATE) == [(Rule.OVERDUE, False)]


@pytest.mark.parametrize(
    ("heard", "waits"),
    [
        (None, False),
        (fresh(LATE), False),
        (Heard(LATE * 1000, (LATE - HOUR) * 1000), False),
        (Heard(LATE * 1000, (LATE - HOUR) * 1000 - 1), True),  # behind: old when it came
        # Silent: nothing for more than a working day of eight hours.
        (fresh(at("04 07:00")), False),
        (fresh(at("03 16:59")), True),
        (fresh(at("03 17:00")), False),
    ],
)
def test_a_silent_or_late_source_is_waited_for(
    desk: Desk, heard: Heard | None, waits: bool
) -> None:
    assert desk.tick(LATE, heard) == ([] if waits else [(Rule.OVERDUE, False)])


def test_a_weekend_is_no_silence() -> None:
    friday, monday = at("06 16:00"), at("09 14:00")
    assert not fresh(friday).is_silent(monday, RULES.calendar, POLICY.silence_after_seconds)
    assert fresh(friday).is_silent(at("09 16:01"), RULES.calendar, POLICY.silence_after_seconds)


def test_the_wait_ends_when_the_source_has_caught_up(desk: Desk) -> None:
    behind = Heard(LATE * 1000, (LATE - DAY) * 1000)
    assert desk.tick(LATE, behind) == []
    assert desk.tick(LATE + 29, fresh(LATE + 29)) == []  # it is looked at again after 30 s
    assert desk.tick(LATE + 30, fresh(LATE + 30)) == [(Rule.OVERDUE, False)]
    assert desk.shard.waiting == {}


def test_an_event_that_comes_during_the_wait_clears_it(desk: Desk) -> None:
    behind = Heard(LATE * 1000, (LATE - DAY) * 1000)
    assert desk.tick(LATE, behind) == []
    desk.add(event(1, 9, at("04 15:00")))
    assert desk.tick(LATE + DAY * 9, behind) == []
    assert desk.shard.waiting == {}


def test_a_silent_source_is_waited_for_a_day(desk: Desk) -> None:
    silent = fresh(at("02 08:00"))
    assert desk.tick(LATE, silent) == []
    assert desk.tick(LATE + DAY - 1, silent) == []
    assert desk.tick(LATE + DAY + 30, silent) == [(Rule.OVERDUE, False)]


def test_a_source_that_is_always_behind_is_waited_for_a_day_and_no_longer(desk: Desk) -> None:
    """A nightly feed tells everything hours late, every day: its files would never be late."""
    told = []
    for now in range(LATE, LATE + 2 * DAY, 600):
        alerts = desk.tick(now, Heard(now * 1000, (now - 12 * HOUR) * 1000))
        told += [(now, *alert) for alert in alerts]
    assert told == [(LATE + DAY, Rule.OVERDUE, False)]


def test_a_flood_of_crossings_takes_turns(desk: Desk) -> None:
    """At most 200 of all shards in one tick, so that events are not kept waiting."""
    for number in range(600):
        one = Dossier(f"x{number}")
        one.add(event(0, 2, at("02 08:00"), due=DUE))
        shard = desk.state.shards[shard_of(one.dossier_id)]
        desk.state.hold(shard, one)
        desk.state.update(shard, one, 0, 0)
    told = [len(desk.tick(LATE)) for _ in range(4)]
    assert max(told) <= 200
    assert sum(told) == 601, "all of them, and the first one's own"
    assert desk.tick(LATE) == []


def test_what_could_not_be_sent_comes_up_again_and_does_not_wait_anew(desk: Desk) -> None:
    """Its source is always behind, and was waited for already."""
    now = LATE + DAY
    behind = {"mot-cua": Heard(LATE * 1000, (LATE - 12 * HOUR) * 1000)}
    assert due_alerts(desk.state, LATE * 1000, behind, POLICY) == []
    behind = {"mot-cua": Heard(now * 1000, (now - 12 * HOUR) * 1000)}
    first = due_alerts(desk.state, now * 1000, behind, POLICY)
    assert [one.alert.rule for one in first] == [Rule.OVERDUE]
    assert due_alerts(desk.state, (now + 60) * 1000, behind, POLICY) == []
    put_back(first)
    again = due_alerts(desk.state, (now + 60) * 1000, behind, POLICY)
    assert [one.alert.alert_id for one in again] == [one.alert.alert_id for one in first]
    assert desk.shard.waiting == {}
