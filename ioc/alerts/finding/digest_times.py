"""Which digests are due; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ioc.alerts.notice import NoticeKind
from ioc.alerts.people_book import PeopleBook, Recipient
from schemas.alerting.names import Role
from schemas.alerting.rules_model import RulesFile, seconds_of_day
from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_start, local_day

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True, slots=True)
class DueDigest:
    """One digest for one holder of a post.

    Attributes:
        since_at: epoch seconds; with that instant the figures are compared.
    """

    kind: NoticeKind
    recipient: Recipient
    day: str
    since_at: int

    @property
    def notice_id(self) -> str:
        """Day, kind, person and unit: one a day, whoever sends it."""
        person = self.recipient.person.person_id
        return f"{self.kind}/{person}/{self.recipient.unit}/{self.day}"


def due_digests(
    rules: RulesFile, people: PeopleBook, calendar: WorkingCalendar, now: int
) -> list[DueDigest]:
    """Return the digests whose hour of today has come; those sent stand in the ledger.

    A process that was away in the morning sends them when it is back, until work ends.
    """
    today = local_day(now)
    if not calendar.is_working_day(today) or now >= calendar.end_of_work(today):
        return []
    second = now - day_start(today)
    due: list[DueDigest] = []
    day = date_of_day(today).isoformat()
    morning = rules.morning_digest
    if morning is not None and second >= seconds_of_day(morning.at):
        before = _working_day_before(calendar, today)
        since = day_start(before) + seconds_of_day(morning.at)
        due += (
            DueDigest(NoticeKind.DIGEST, one, day, since)
            for one in _holders(people, morning.roles, now)
        )
    weekly = rules.weekly_digest
    if weekly is not None and second >= seconds_of_day(weekly.at):
        wanted = today - (date_of_day(today).weekday() - _WEEKDAYS.index(weekly.on)) % 7
        if calendar.next_working_day(wanted) == today:
            since = day_start(wanted - 7) + seconds_of_day(weekly.at)
            due += (
                DueDigest(NoticeKind.WEEKLY, one, day, since)
                for one in _holders(people, weekly.roles, now)
            )
    return due


def _holders(people: PeopleBook, roles: tuple[Role, ...], now: int) -> Iterator[Recipient]:
    seen: set[tuple[str, str]] = set()
    for role in roles:
        for one in people.all_of(role, now):
            key = (one.person.person_id, one.unit)
            if key not in seen:
                seen.add(key)
                yield one


def _working_day_before(calendar: WorkingCalendar, day: int) -> int:
    day -= 1
    while not calendar.is_working_day(day):
        day -= 1
    return day
