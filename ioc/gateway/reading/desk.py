"""What the reading routes share: readers, words, limits of their own."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.gateway.gateway import Gateway
from ioc.gateway.keys.caller import Caller
from ioc.gateway.limits import Pace
from ioc.gateway.problems import Problem
from ioc.gateway.reading.guessing import Misses
from ioc.gateway.reading.lookup import Finder
from ioc.gateway.reading.receipt import Receipts
from ioc.gateway.reading.statistics import Statistics
from ioc.gateway.warehouse_lane import WarehouseLane
from ioc.reference import fold_rules
from ioc.wall.reader import WarehouseReader
from ioc.wall.reporting import Reporting
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.gateway_texts import Refused
from schemas.reading_settings import ReadingSettings
from schemas.reading_texts import ReadingSaid
from schemas.settings import ReportingSettings, WorkerSettings

_MINUTE = 60.0
_LOOK_UP_SECONDS = 5.0


@dataclass(frozen=True)
class ReadingDesk:
    """Everything behind the reading routes of one gateway.

    Attributes:
        finder: looks single dossiers up; never waits behind a list.
        lists: reader of lists and statistics.
        receipts: None = no digits of receipts are asked for.
    """

    gateway: Gateway
    settings: ReadingSettings
    finder: Finder
    lists: WarehouseReader
    statistics: Statistics
    receipts: Receipts | None
    lookup_pace: Pace
    query_pace: Pace
    misses: Misses
    key_misses: Misses

    @classmethod
    def of(cls, gateway: Gateway) -> ReadingDesk:
        """Make it from the environment; connects to nothing yet.

        Raises:
            ConfigurationError: the receipts' secret cannot be used.
        """
        settings = ReadingSettings()
        lists = WarehouseReader(gateway.clickhouse)
        share = 1 / gateway.settings.processes
        queries = settings.queries_per_minute * share
        hours = CalendarSettings()
        calendar = WorkingCalendar(hours)
        receipts = Receipts.of(settings)
        if receipts is not None:
            gateway.intake.owners.begin()
        return cls(
            gateway,
            settings,
            Finder(
                WarehouseLane(gateway.clickhouse, _LOOK_UP_SECONDS),
                WarehouseLane(gateway.clickhouse, _LOOK_UP_SECONDS),
                fold_rules(hours, calendar, gateway.units, gateway.procedures),
            ),
            lists,
            Statistics(
                lists,
                Reporting.of(ReportingSettings()),
                calendar,
                WorkerSettings().due_soon_working_seconds,
            ),
            receipts,
            Pace(settings.lookups_per_second * share, settings.lookups_burst * share),
            Pace(queries / _MINUTE, queries),
            Misses(settings.misses_per_minute * share),
            Misses(settings.key_misses_per_minute * share),
        )

    @property
    def now_seconds(self) -> float:
        """The gateway's clock."""
        return self.gateway.clock.now_ms() / 1000

    def check_real(self, caller: Caller) -> None:
        """Refuse a sandbox key: what it sent is in no table, and the rest is not for tests."""
        if caller.is_sandbox:
            raise Problem(ReadingSaid.SANDBOX, status=403)

    def check_query(self, caller: Caller) -> None:
        """Count a list or a statistic; raises `Problem` 429."""
        self.wait(self.query_pace.take(caller.key_id, 1, self.now_seconds))

    def wait(self, seconds: int) -> None:
        """Raise `Problem` 429 if there is something to wait for."""
        if seconds:
            raise Problem(Refused.TOO_FAST, status=429, retry_after_seconds=seconds)

    def unreadable(self) -> Problem:
        """Return the refusal while the warehouse does not answer."""
        seconds = self.gateway.settings.retry_seconds
        return Problem(Refused.NOT_READABLE, status=503, retry_after_seconds=seconds)
