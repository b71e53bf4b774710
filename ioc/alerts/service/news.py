"""Takes in what happened since the last look: new cases, answers, silences, feeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ioc.alerts.engine.answers import state_of
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.service.recorder import Recorder
from ioc.alerts.service.shared import Shared
from ioc.alerts.store.answers import read_answers, read_silences
from ioc.alerts.store.cases import alert_of, case_of, case_of_alert, with_age
from ioc.alerts.store.feed_reader import FeedReader
from ioc.alerts.store.ledger import Delivery, DeliveryState
from ioc.alerts.store.loading import load_unsent
from ioc.alerts.store.warehouse import Warehouse

#: How far back "lately" reaches: an insert may take that long from its time stamp to its rows.
_OVERLAP_MS = 20_000
_CASES_AT_ONCE = 5_000
#: Other systems' messages carry the clock of the host that took them.
_OUTSIDE_MS = 3_600_000
_MISSING_EVERY_SECONDS = 600.0
#: How long ago an alert may have been raised that was lost on its way.
_MISSING_MS = 3 * 86_400_000
_FEEDS_EVERY_SECONDS = 10.0
_PEOPLE_EVERY_SECONDS = 1.0


class News:
    """Reads the warehouse and brings the board up to it.

    Args:
        shared: the board.
        recorder: stores cases that changed.
        feeds: reads the state of the feeds.
        old_before_ms: alerts that were raised before this are from a time in which nobody was
            told: they go into digests.
    """

    def __init__(
        self, shared: Shared, recorder: Recorder, feeds: FeedReader, old_before_ms: int
    ) -> None:
        self._shared = shared
        self._recorder = recorder
        self._feeds = feeds
        self._old_before_ms = old_before_ms
        self._missed_at: float | None = None
        self._seen: dict[str, int] = {}
        self._looked_ms = 0
        self._answers_ms = 0
        self._fed_at = 0.0
        self._heard_at = 0.0

    def begin(self, started_ms: int) -> None:
        """Note when the board was loaded, by the warehouse's clock."""
        self._looked_ms = self._answers_ms = started_ms

    async def take_cases(self) -> int:
        """Put the cases on the board that were stored since; return how many."""
        shared = self._shared
        ((started_ms, lately),) = await shared.warehouse.rows(
            "cases_new_ids", since_ms=self._looked_ms - _OVERLAP_MS
        )
        # "Lately" overlaps: in a flood nearly everything in it is on the board.
        seen, cases = self._seen, shared.board.cases
        unknown = sorted(
            {tuple(pair) for pair in lately if pair[1] not in cases and pair[1] not in seen}
        )
        for start in range(0, len(unknown), _CASES_AT_ONCE):
            wanted = unknown[start : start + _CASES_AT_ONCE]
            rows = await shared.warehouse.rows("cases_new", wanted=wanted)
            async with shared.lock:
                for row in rows:
                    if row[0] not in shared.board.cases:
                        shared.board.put(with_age(case_of(row), self._old_before_ms))
        # What was over before it came again, as in a replay, is asked for once.
        seen.update((alert_id, started_ms) for _, alert_id in unknown)
        for alert_id in [each for each, at in seen.items() if at < started_ms - 2 * _OVERLAP_MS]:
            del seen[alert_id]
        self._looked_ms = started_ms
        return len(unknown)

    async def take_missing(self, clock: float) -> None:
        """Take up what was overlooked, now and then and at first.

        That is: alerts that are stored as raised and are no case (a topic that is made anew takes
        with it what nobody had read), and open cases that are not on the board.
        """
        is_first = self._missed_at is None
        if self._missed_at is not None and clock - self._missed_at < _MISSING_EVERY_SECONDS:
            return
        shared, started_ms = self._shared, await warehouse_ms(self._shared.warehouse)
        if not is_first:
            await self._take_overlooked()
        # Records on their way need a moment; at first everything is asked for: nothing is on it.
        until_ms = started_ms - (0 if is_first else _OVERLAP_MS)
        rows = await shared.warehouse.rows(
            "cases_missing", since_ms=started_ms - _MISSING_MS, until_ms=until_ms
        )
        found = [with_age(case_of_alert(alert_of(row)), self._old_before_ms) for row in rows]
        async with shared.lock:
            new = [case for case in found if case.alert_id not in shared.board.cases]
            for case in new:
                shared.board.put(case)
        await self._recorder.cases(new)
        self._missed_at = clock

    async def _take_overlooked(self) -> None:
        shared = self._shared
        known = shared.board.cases
        ids = await shared.warehouse.rows("cases_open_ids")
        wanted = [pair for pair in ids if pair[1] not in known][:_CASES_AT_ONCE]
        if not wanted:
            return
        rows = await shared.warehouse.rows("cases_by_id", wanted=wanted)
        async with shared.lock:
            for row in rows:
                if row[0] not in shared.board.cases:
                    shared.board.put(with_age(case_of(row), self._old_before_ms))

    async def hear_people(self, clock: float) -> Iterable[Delivery]:
        """Take in answers and silences; return messages that others put into the ledger.

        Asks once a second at most (`clock`: monotonic seconds).
        """
        if clock - self._heard_at < _PEOPLE_EVERY_SECONDS:
            return ()
        shared, started_ms = self._shared, await warehouse_ms(self._shared.warehouse)
        answers = await read_answers(shared.warehouse, self._answers_ms - _OVERLAP_MS)
        silences = await read_silences(shared.warehouse, shared.now)
        changed: list[Case] = []
        async with shared.lock:
            shared.board.silences = silences
            for alert_id, lines in answers.items():
                known = shared.board.answers.setdefault(alert_id, [])
                known += [line for line in lines if line not in known]
                case = shared.board.cases.get(alert_id)
                if case is not None and _answered(shared.board, case):
                    changed.append(case)
        self._answers_ms = started_ms
        await self._recorder.cases(changed)
        self._heard_at = clock
        # Asked without contents first: in a flood those of all other messages are megabytes.
        since_ms = started_ms - _OUTSIDE_MS
        if not await shared.warehouse.rows("outside_planned", since_ms=since_ms):
            return ()
        return [
            each
            for each in await load_unsent(shared.warehouse, since_ms)
            if each.state is DeliveryState.PLANNED and each.notice.outside is not None
        ]

    async def look_at_feeds(self, clock: float, waited_for: bool) -> None:
        """Ask what was heard if somebody waits for it, now and then for the state of all feeds."""
        shared = self._shared
        if clock - self._fed_at >= _FEEDS_EVERY_SECONDS:
            feeds = await self._feeds.read(shared.now)
            self._fed_at = clock
        elif waited_for:
            complete = await self._feeds.complete_up_to()
            heard = await self._feeds.read_heard()
            feeds = replace(shared.board.feeds, complete_up_to=complete, heard=heard)
        else:
            return
        async with shared.lock:
            shared.board.feeds = feeds


async def warehouse_ms(warehouse: Warehouse) -> int:
    """Return the clock that stamps the rows: this host's may differ from it by minutes."""
    ((now_ms,),) = await warehouse.rows("clock")
    return int(now_ms)


def _answered(board: Board, case: Case) -> bool:
    if case.state.is_closed:
        return False
    state = state_of(board.answers.get(case.alert_id, ()))
    if case.state is state:
        return False
    case.state = state
    return True
