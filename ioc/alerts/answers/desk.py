"""What a known person may see, answer and silence: behind the HTTP API and the wall's pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ioc.alerts.answers.given import check_answer, check_silence
from ioc.alerts.answers.people_watch import PeopleWatch
from ioc.alerts.answers.remit import Answerer, main_role, role_for, units_of
from ioc.alerts.answers.store import MOST_ALERTS, AlertView, AnswerStore, SilenceRow
from ioc.alerts.people import Person
from ioc.alerts.people_book import PeopleBook
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import RejectError


@dataclass(frozen=True)
class AnswerDesk:
    """Checks whose business it is, then stores. Every method may raise `RetryError`.

    Attributes:
        silence_days: longest silence.
        now_ms: clock, epoch milliseconds.
    """

    store: AnswerStore
    people: PeopleWatch
    silence_days: int
    now_ms: Callable[[], int]

    async def person(self, person_id: str) -> Person:
        """Return a person of the file; raises `RejectError` `nobody_known`."""
        found = (await self.people.book()).get(person_id)
        if found is None:
            raise RejectError("nobody_known", "nobody of the people file")
        return found

    async def open_alerts(self, person: Person, dossier: str = "") -> list[AlertView]:
        """Return what is not settled in the person's units."""
        book, now = await self.people.book(), self._now()
        return await self.store.open_alerts(units_of(book, person, now), dossier, now)

    async def alert(self, person: Person, alert_id: str) -> AlertView:
        """Return one alert.

        Raises:
            RejectError: `no_such_alert` or `not_yours`.
        """
        book = await self.people.book()
        (view, _), *_ = await self._mine(book, person, [alert_id])
        return view

    async def answer(
        self,
        person: Person,
        alert_ids: Sequence[str],
        given: Mapping[str, object],
        via: str,
        key: str,
    ) -> int:
        """Store an answer to some alerts; return for how many.

        Raises:
            RejectError: the answer is wrong, or an alert is not theirs: then none is answered.
        """
        now_ms = self.now_ms()
        answer = check_answer(given, date_of_day(local_day(now_ms // 1000)))
        book = await self.people.book()
        mine = await self._mine(book, person, alert_ids)
        by_role: dict[Answerer, list[str]] = {}
        for view, who in mine:
            if not view.case.state.is_closed:
                named = Answerer(who.person, who.role, via, f"{via}/{person.person_id}/{key}")
                by_role.setdefault(named, []).append(view.case.alert_id)
        for who, ids in by_role.items():
            await self.store.put(who, ids, answer, now_ms)
        return sum(len(ids) for ids in by_role.values())

    async def silences(self, person: Person) -> list[SilenceRow]:
        """Return the silences that touch the person's units."""
        book, now = await self.people.book(), self._now()
        mine = set(units_of(book, person, now))
        rows = await self.store.silences(now)
        return [
            row
            for row in rows
            if not row.unit or mine & {row.unit, *book.units_above(row.unit, now)[:1]}
        ]

    async def silence(self, person: Person, given: Mapping[str, object], via: str, key: str) -> str:
        """Store a silence; return its id.

        Raises:
            RejectError: it is wrong, or `silence_not_allowed`.
        """
        now_ms = self.now_ms()
        today = date_of_day(local_day(now_ms // 1000))
        wanted = check_silence(given, today, self.silence_days)
        book = await self.people.book()
        if not book.may_silence(person, wanted.unit, now_ms // 1000):
            raise RejectError("silence_not_allowed", "not allowed for this unit", field="unit")
        who = Answerer(person.person_id, main_role(person), via, f"{via}/{person.person_id}/{key}")
        return await self.store.put_silence(who, wanted, now_ms)

    async def end_silence(self, person: Person, silence_id: str) -> None:
        """Take a silence away.

        Raises:
            RejectError: `silence_unknown` or `silence_not_allowed`.
        """
        now_ms = self.now_ms()
        book = await self.people.book()
        rows = await self.store.silences(now_ms // 1000)
        row = next((each for each in rows if each.silence_id == silence_id), None)
        if row is None:
            raise RejectError("silence_unknown", "no such silence")
        if not book.may_silence(person, row.unit, now_ms // 1000):
            raise RejectError("silence_not_allowed", "not allowed for this unit")
        await self.store.end_silence(row, person.person_id, now_ms)

    async def silenceable(self, person: Person) -> list[str]:
        """Return the codes of the units of today that the person may silence."""
        book, now = await self.people.book(), self._now()
        if not person.may_silence:
            return []
        codes = {book.unit_on(code, local_day(now)) for code in units_of(book, person, now)}
        return sorted(code for code in codes if book.may_silence(person, code, now))

    async def _mine(
        self, book: PeopleBook, person: Person, alert_ids: Sequence[str]
    ) -> list[tuple[AlertView, Answerer]]:
        now = self._now()
        wanted = list(dict.fromkeys(alert_ids))
        if not wanted:
            raise RejectError("nothing_chosen", "no alert is named", field="alerts")
        if len(wanted) > MOST_ALERTS:
            raise RejectError("bad_request", f"at most {MOST_ALERTS} alerts", field="alerts")
        views = await self.store.alerts(wanted, now)
        if len(views) < len(wanted):
            raise RejectError("no_such_alert", "an alert is not there", field="alerts")
        found = []
        for view in views:
            role = role_for(book, person, view.case, now)
            if role is None:
                raise RejectError("not_yours", "not within the remit", field="alerts")
            found.append((view, Answerer(person.person_id, role, "", "")))
        return found

    def _now(self) -> int:
        return self.now_ms() // 1000
