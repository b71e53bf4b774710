"""Dossiers as they become known, event by event, and the crossings that they have ahead."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from ioc.alerts.engine.dossier import Dossier, Leg
from schemas.events import EventRecord
from schemas.events.shard import shard_of
from streams.deadlines import Crossing, crossings_of
from streams.fold import Facts, FoldRules, Phase
from streams.state.dossier import Dossier as Events


@dataclass
class File:
    """One dossier as it is known at some instant."""

    events: Events
    shard: int
    facts: Facts | None = None
    crossings: tuple[Crossing, ...] = ()
    now: Dossier | None = None


@dataclass
class Files:
    """All dossiers of a simulation, and a clock of arrivals and crossings.

    Args:
        rules: of the fold.
        lead_working_seconds: of "due soon".
    """

    rules: FoldRules
    lead_working_seconds: int
    files: dict[str, File] = field(default_factory=dict)
    _arrivals: list[tuple[int, int, str, EventRecord]] = field(default_factory=list)
    _timers: list[tuple[int, str, Crossing]] = field(default_factory=list)
    _count: int = 0

    def expect(self, dossier_id: str, event: EventRecord, known_at: int) -> None:
        """Let an event become known at an instant, epoch seconds."""
        self._count += 1
        heappush(self._arrivals, (known_at, self._count, dossier_id, event))

    def has_arrivals(self, now: int) -> bool:
        """Return whether `arrive` would take something in."""
        return bool(self._arrivals) and self._arrivals[0][0] <= now

    def next_crossing(self) -> int | None:
        """Return when a crossing comes next; it may be one that no longer stands."""
        return self._timers[0][0] if self._timers else None

    def arrive(self, now: int) -> set[str]:
        """Take in what is known by now; return the dossiers that changed."""
        changed: set[str] = set()
        while self._arrivals and self._arrivals[0][0] <= now:
            _, _, dossier_id, event = heappop(self._arrivals)
            file = self.files.get(dossier_id)
            if file is None:
                file = self.files[dossier_id] = File(Events(dossier_id), shard_of(dossier_id))
            if file.events.add(event):
                changed.add(dossier_id)
        for dossier_id in changed:
            self._fold(dossier_id, self.files[dossier_id])
        return changed

    def crossed(self, now: int) -> Iterator[tuple[str, Crossing]]:
        """Yield the crossings that have come and still stand, as a worker raises them."""
        while self._timers and self._timers[0][0] <= now:
            _, dossier_id, crossing = heappop(self._timers)
            file = self.files[dossier_id]
            if crossing not in file.crossings or file.facts is None:
                continue
            alarm = file.facts.alarm
            if crossing.rule.value == "due_soon" and alarm is not None and alarm <= now:
                continue
            yield dossier_id, crossing

    def _fold(self, dossier_id: str, file: File) -> None:
        file.facts = file.events.refold(self.rules)
        file.now = dossier_of(dossier_id, file.shard, file.events.payload_count, file.facts)
        before = file.crossings
        file.crossings = crossings_of(file.facts, self.rules.calendar, self.lead_working_seconds)
        for crossing in file.crossings:
            if crossing not in before:
                heappush(self._timers, (crossing.at, dossier_id, crossing))


def dossier_of(dossier_id: str, shard: int, version: int, facts: Facts) -> Dossier:
    """Return what a row of `dossiers` would say of these facts."""
    return Dossier(
        shard=shard,
        dossier_id=dossier_id,
        version=version,
        awaiting=facts.phase is Phase.AWAITING,
        live=facts.live,
        received=facts.received,
        paused=facts.phase in (Phase.SUPPLEMENT, Phase.PAYMENT),
        receiver=facts.receiver,
        authority=facts.authority,
        handler=facts.handler,
        procedure=facts.procedure,
        field=facts.field,
        due_at=facts.due or 0,
        alarm_at=facts.alarm or 0,
        receipt_due_at=facts.receipt_due or 0,
        apologised=facts.apologised,
        status=facts.status,
        legs=tuple(
            Leg(leg.number, leg.unit, leg.due or 0, leg.ended or 0, leg.late_from or 0)
            for leg in facts.legs
        ),
        source=facts.source,
    )
