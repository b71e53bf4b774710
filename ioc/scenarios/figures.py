"""The figures that a scenario promises: what its dossiers add up to, known by construction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from schemas.reference import Level


@dataclass(frozen=True, slots=True)
class Counts:
    """Dossiers of one unit, one level or the whole scenario.

    *In the period* means from the scenario's start to its end. *At the end* means as seen at the
    scenario's end. Every dossier belongs to its **authority**.

    Attributes:
        received: received in the period (by ``received_at``), whatever became of them since;
            carried-over ones are not in it.
        received_online: of these, by channel 2.
        received_postal: of these, by channel 3.
        carried_over: received before the period and not finished before it.
        early: resolved in the period before the due day (desk rule), carried-over ones included,
            as in the next three.
        on_time: resolved in the period on the due day.
        late: resolved in the period after it.
        no_due: resolved in the period without any due date.
        withdrawn: received, and withdrawn (7) in the period.
        stopped: received, and stopped (8) in the period.
        refused: refused (3) in the period; never received.
        closed_unreceived: withdrawn in the period before they were received (1, then 7).
        in_time: open at the end, not paused and not overdue.
        overdue: open at the end and late already by the desk rule.
        paused_supplement: open at the end, waiting for a supplement (5), not late before.
        paused_payment: open at the end, waiting for a payment (6), not late before.
        awaiting: registered and not answered at the end, in time or not.
        receipt_overdue: of these, registered more than 8 working hours ago.
        receipt_late: received later than 8 working hours after registration, whenever.
        uncollected: resolved in the period and not handed over at the end.
    """

    received: int = 0
    received_online: int = 0
    received_postal: int = 0
    carried_over: int = 0
    early: int = 0
    on_time: int = 0
    late: int = 0
    no_due: int = 0
    withdrawn: int = 0
    stopped: int = 0
    refused: int = 0
    closed_unreceived: int = 0
    in_time: int = 0
    overdue: int = 0
    paused_supplement: int = 0
    paused_payment: int = 0
    awaiting: int = 0
    receipt_overdue: int = 0
    receipt_late: int = 0
    uncollected: int = 0

    @property
    def resolved(self) -> int:
        """Resolved in the period (first valid 9, else 10)."""
        return self.early + self.on_time + self.late + self.no_due

    @property
    def paused(self) -> int:
        """Open at the end, clock stopped."""
        return self.paused_supplement + self.paused_payment

    @property
    def open(self) -> int:
        """Received and unfinished at the end."""
        return self.in_time + self.overdue + self.paused

    @property
    def to_resolve(self) -> int:
        """Carried over and received."""
        return self.carried_over + self.received

    @property
    def finished(self) -> int:
        """Received ones that ended in the period, in whatever way."""
        return self.resolved + self.withdrawn + self.stopped

    @property
    def received_counter(self) -> int:
        """Received in the period at a counter (channel 1)."""
        return self.received - self.received_online - self.received_postal

    @property
    def dossiers(self) -> int:
        """Every dossier, received or not."""
        return self.to_resolve + self.awaiting + self.refused + self.closed_unreceived

    @property
    def on_time_percent(self) -> float:
        """Early and on time of those resolved with a due date, in percent, two digits."""
        judged = self.early + self.on_time + self.late
        return round(100 * (self.early + self.on_time) / judged, 2) if judged else 0.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            *(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts))
        )


@dataclass(frozen=True, slots=True)
class Figures:
    """What the warehouse must show once every event of a scenario is folded.

    Attributes:
        total: the whole scenario.
        by_level: by the authority's level.
        by_unit: by the authority's code, as the fold resolves it on the dossier's day.
    """

    total: Counts
    by_level: Mapping[Level, Counts]
    by_unit: Mapping[str, Counts]

    @property
    def by_channel(self) -> dict[int, int]:
        """Received in the period by channel (1 counter, 2 online, 3 postal)."""
        return {
            1: self.total.received_counter,
            2: self.total.received_online,
            3: self.total.received_postal,
        }
