"""What a signed address lets its person do."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.alerts.answers.given import GivenAnswer
from ioc.alerts.answers.links import LinkSigner, Scope, Ticket
from ioc.alerts.answers.people_watch import PeopleWatch
from ioc.alerts.answers.remit import Answerer
from ioc.alerts.answers.store import MOST_ALERTS, AlertView, AnswerStore, answer_id
from ioc.alerts.notice import AnswerKind, AnswerLine
from schemas.errors import RejectError


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What stands behind an address.

    Attributes:
        alerts: those that may still be answered by it.
        settled: those that need no response any more.
        mine: what was answered by this address.
        more: alerts beyond those of one page.
        is_used: everything was explained by it; it does nothing any more.
    """

    ticket: Ticket
    language: str
    alerts: tuple[AlertView, ...]
    settled: tuple[AlertView, ...]
    mine: tuple[tuple[AlertView, AnswerLine], ...]
    more: int
    is_used: bool


class ByLink:
    """Opens addresses and takes the answers of their forms."""

    def __init__(self, signer: LinkSigner, store: AnswerStore, people: PeopleWatch) -> None:
        self._signer, self._store, self._people = signer, store, people

    async def open(self, token: str, now: int) -> LinkPage:
        """Return what an address shows; changes nothing.

        Raises:
            RejectError: `bad_link`, `expired`, or `gone` when person or alert are there no more.
            RetryError: the warehouse is away.
        """
        ticket = self._signer.read(token, now)
        person = (await self._people.book()).get(ticket.person)
        if person is None:
            raise RejectError("gone", "this person gets no alerts any more")
        ids = await self._ids(ticket)
        found: list[AlertView] = []
        for start in range(0, len(ids), MOST_ALERTS):
            found += await self._store.alerts(ids[start : start + MOST_ALERTS], now)
        if not found:
            raise RejectError("gone", "there is no such alert")
        mine = tuple(
            (view, line)
            for view in found
            for name, line in zip(view.answer_ids, view.item.answers, strict=True)
            if name in self._names(ticket, view)
        )
        explained = {view.case.alert_id for view, line in mine if line.kind is AnswerKind.EXPLAINED}
        left = [view for view in found if view.case.alert_id not in explained]
        alerts = [view for view in left if not view.case.state.is_closed]
        return LinkPage(
            ticket=ticket,
            language=person.language,
            alerts=tuple(alerts[:MOST_ALERTS]),
            settled=tuple(view for view in left if view.case.state.is_closed),
            mine=mine,
            more=max(0, len(alerts) - MOST_ALERTS),
            is_used=not left,
        )

    async def answer(
        self, page: LinkPage, chosen: list[str], given: GivenAnswer, now_ms: int
    ) -> int:
        """Store an answer to the chosen alerts; return how many it is for.

        The same form sent twice is one answer.

        Raises:
            RejectError: `nothing_chosen`, or `used` when another explanation was given by this
                address, or nothing is left to answer.
            RetryError: it is not stored.
        """
        known = {view.case.alert_id for view in page.alerts}
        repeated = {view.case.alert_id for view, line in page.mine if _is_same(line, given)}
        wanted = [each for each in dict.fromkeys(chosen) if each in known - repeated]
        if not wanted:
            again = [each for each in chosen if each in repeated]
            if again:
                return len(set(again))
            raise RejectError("used" if not known or chosen else "nothing_chosen", "nothing to do")
        ticket = page.ticket
        who = Answerer(ticket.person, ticket.role, "link", ticket.ticket_id)
        await self._store.put(who, wanted, given, now_ms)
        return len(wanted)

    async def _ids(self, ticket: Ticket) -> list[str]:
        if ticket.scope is Scope.ALERT:
            return [ticket.subject]
        return await self._store.alerts_of_notice(ticket.subject, ticket.person)

    def _names(self, ticket: Ticket, view: AlertView) -> set[str]:
        return {answer_id(ticket.ticket_id, kind, view.case.alert_id) for kind in AnswerKind}


def _is_same(line: AnswerLine, given: GivenAnswer) -> bool:
    expected = given.expected_on.isoformat() if given.expected_on else ""
    return (line.kind, line.cause, line.note, line.expected_on) == (
        given.kind,
        given.cause,
        given.note,
        expected,
    )
