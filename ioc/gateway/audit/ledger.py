"""Adds up what the gateway does, by minute; somebody else stores it. Bounded, whatever comes."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.gateway.audit.rows import Page, RefusalPlace, Reject, Skew, UsePlace, UseSums
from ioc.gateway.clock import Clock
from ioc.gateway.intake.result import ItemOutcome, ItemResult, Options, counts
from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import without_secrets

_MINUTE_MS = 60_000
#: Different refusals of a minute; further addresses are counted as one.
_MOST_REFUSALS = 1_000
#: Rows that wait for the warehouse at most: some hours of many keys.
_MOST_WAITING = 50_000
_MOST_REJECTS = 20_000
_SHOWN = 128


class Ledger:
    """Sums since the last minute that was stored. Not thread-safe; never blocks or raises."""

    def __init__(self, clock: Clock, rejects_per_minute: int) -> None:
        """Keep so many rejects of one key a minute."""
        self._clock = clock
        self._rejects_per_minute = rejects_per_minute
        self._use: dict[UsePlace, UseSums] = {}
        self._refusals: dict[RefusalPlace, int] = {}
        self._touched_use: set[UsePlace] = set()
        self._touched_refusals: set[RefusalPlace] = set()
        self._rejects: list[Reject] = []
        self._kept: dict[tuple[str, int], int] = {}
        self._skews: dict[tuple[str, str], Skew] = {}
        #: Rows that were given up because the warehouse was away for too long.
        self.lost = 0
        self.totals = UseSums()

    def count_request(self, caller: Caller | None, route: str, size: int, status: int) -> None:
        """Count a request of a known key; one without is only ever a refusal."""
        is_refused = status >= 400
        self.totals.requests += 1
        self.totals.refused += is_refused
        self.totals.bytes += size
        if caller is not None:
            sums = self._sums(caller, route)
            sums.requests += 1
            sums.refused += is_refused
            sums.bytes += size

    def count_refusal(
        self, caller: Caller | None, address: str, route: str, status: int, code: str
    ) -> None:
        """Count a refused request."""
        key_id = "" if caller is None else caller.key_id
        minute = self._minute()
        place = RefusalPlace(minute, key_id, address[:_SHOWN], route, status, code)
        if place not in self._refusals and len(self._refusals) >= _MOST_REFUSALS:
            place = place._replace(address="*")
        if place not in self._refusals and len(self._refusals) >= _MOST_WAITING:
            self.lost += 1
            return
        self._refusals[place] = self._refusals.get(place, 0) + 1
        self._touched_refusals.add(place)

    def count_items(self, caller: Caller, options: Options, results: Sequence[ItemResult]) -> None:
        """Count a request's events and keep its rejects; a dry run counts as nothing."""
        if options.dry_run:
            return
        sums = self._sums(caller, options.route)
        for name, number in counts(results).items():
            if number:
                setattr(sums, name, getattr(sums, name) + number)
                setattr(self.totals, name, getattr(self.totals, name) + number)
        if any(each.outcome is ItemOutcome.REJECTED for each in results):
            self._keep_rejects(caller, options, results)

    def note_skew(self, caller: Caller, skew_ms: int, method: str) -> None:
        """Hear of a sender's clock; what its Date header says counts more than events' times."""
        place = (caller.source, caller.key_id)
        known = self._skews.get(place)
        if known is None or method in ("date", known.method):
            self._skews[place] = Skew(*place, self._clock.now_ms(), skew_ms, method)

    def take(self) -> Page:
        """Return what was touched since the last time."""
        page = Page(
            {place: self._use[place] for place in self._touched_use},
            {place: self._refusals[place] for place in self._touched_refusals},
            self._rejects,
            list(self._skews.values()),
        )
        self._touched_use, self._touched_refusals = set(), set()
        self._rejects, self._skews = [], {}
        # A minute that is over and stored does not come again.
        current = self._minute()
        self._use = {p: s for p, s in self._use.items() if p.minute >= current}
        self._refusals = {p: n for p, n in self._refusals.items() if p.minute >= current}
        self._kept = {p: n for p, n in self._kept.items() if p[1] >= current}
        return page

    def give_back(self, page: Page) -> None:
        """Take a page back that could not be stored, as far as there is room."""
        for place, sums in page.use.items():
            if len(self._use) >= _MOST_WAITING:
                self.lost += 1
                continue
            self._use.setdefault(place, sums)
            self._touched_use.add(place)
        for refusal, number in page.refusals.items():
            if len(self._refusals) >= _MOST_WAITING:
                self.lost += 1
                continue
            self._refusals.setdefault(refusal, number)
            self._touched_refusals.add(refusal)
        room = max(0, _MOST_REJECTS - len(self._rejects))
        self.lost += max(0, len(page.rejects) - room)
        self._rejects = page.rejects[:room] + self._rejects
        for skew in page.skews:
            self._skews.setdefault((skew.source, skew.key_id), skew)

    def _sums(self, caller: Caller, route: str) -> UseSums:
        place = UsePlace(self._minute(), caller.key_id, caller.source, route)
        sums = self._use.get(place)
        if sums is None:
            sums = self._use[place] = UseSums()
        self._touched_use.add(place)
        return sums

    def _keep_rejects(
        self, caller: Caller, options: Options, results: Sequence[ItemResult]
    ) -> None:
        place = (caller.key_id, self._minute())
        kept = self._kept.get(place, 0)
        for index, each in enumerate(results):
            if each.outcome is not ItemOutcome.REJECTED:
                continue
            if kept >= self._rejects_per_minute or len(self._rejects) >= _MOST_REJECTS:
                break
            kept += 1
            self._rejects.append(
                Reject(
                    self._clock.now_ms(),
                    caller.source,
                    caller.key_id,
                    caller.is_sandbox,
                    options.route,
                    options.request_id,
                    index,
                    each.code,
                    each.field[:_SHOWN],
                    # Some put the key into an event, where it is of no use but to whoever reads it.
                    without_secrets(each.value[:_SHOWN]),
                    without_secrets(each.event_id or ""),
                    without_secrets(each.dossier_id or ""),
                    without_secrets(each.item.decode(errors="replace")),
                )
            )
        self._kept[place] = kept

    def _minute(self) -> int:
        return self._clock.now_ms() // _MINUTE_MS * 60
