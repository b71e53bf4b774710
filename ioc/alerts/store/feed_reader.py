"""Reads the state of the feeds, by the same rules as the walls and the workers."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.store.warehouse import Warehouse
from schemas.calendar.calendar import WorkingCalendar
from schemas.calendar.local_time import date_of_day, local_day
from schemas.settings import WorkerSettings
from streams.state.heard import Heard

#: More than a province has desks.
_DESKS = 5_000


def _wall_statement(name: str) -> str:
    return resources.files("dashboards").joinpath("sql", f"{name}.sql").read_text("utf-8")


class FeedReader:
    """Asks how far the pipeline is complete, and which sources and desks are silent.

    A silent desk is what the wall calls so: nothing for eight of its usual gaps. A silent or late
    source is what workers wait for.

    Args:
        warehouse: of the process.
        calendar: of working time.
        worker: when a source counts as silent or behind.
        waits_for_desks: whether alerts wait until their desk was heard.
        ahead_seconds: by how much the process' clock is moved, in tests: the pipeline is as
            complete on that clock as it is on the machine's.
    """

    def __init__(
        self,
        warehouse: Warehouse,
        calendar: WorkingCalendar,
        worker: WorkerSettings,
        ahead_seconds: Callable[[], int],
        *,
        waits_for_desks: bool,
    ) -> None:
        self._waits_for_desks = waits_for_desks
        self._ahead_seconds = ahead_seconds
        self._warehouse = warehouse
        self._calendar = calendar
        self._worker = worker
        self._pipeline = _wall_statement("pipeline")
        self._silent = _wall_statement("silent")

    async def complete_up_to(self) -> int:
        """Return up to when everything is stored, epoch seconds; 0 = a partition never spoke."""
        (row,) = await self._warehouse.ask(self._pipeline)
        expected, reporting, complete_ms = row[0], row[1], row[3]
        if not expected or reporting != expected:
            return 0
        return int(complete_ms) // 1000 + self._ahead_seconds()

    async def read_heard(self) -> dict[str, dict[str, int]]:
        """Return desk → source → newest event, of those heard lately; see `Feeds.heard`."""
        heard: dict[str, dict[str, int]] = {}
        if self._waits_for_desks:
            for unit, source, last_at in await self._warehouse.rows("desks_heard"):
                heard.setdefault(unit, {})[source] = last_at
        return heard

    async def read(self, now: int) -> Feeds:
        """Return the state of all feeds at an instant (epoch seconds)."""
        complete = await self.complete_up_to()
        worker = self._worker
        sources: dict[str, int] = {}
        for source, log_ms, occurred_ms in await self._warehouse.rows("sources"):
            heard = Heard(log_ms, occurred_ms)
            if heard.is_behind(worker.behind_after_seconds):
                sources[source] = max(1, occurred_ms // 1000)
            elif heard.is_silent(now, self._calendar, worker.silence_after_seconds):
                sources[source] = max(1, log_ms // 1000)
        rows = await self._warehouse.ask(
            self._silent,
            now=now,
            shift_at=now,
            today=date_of_day(local_day(now)).isoformat(),
            working_now=1,
            rows=_DESKS,
        )
        desks = {row[0]: max(1, row[3] // 1000) for row in rows if row[6]}
        return Feeds(complete, sources, desks, await self.read_heard())
