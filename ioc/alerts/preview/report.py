"""What a preview found: how many messages, of which rule, to whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ioc.alerts.engine.gathering import Planned
from ioc.alerts.finding.digest_times import DueDigest
from ioc.alerts.notice import Notice

_EXAMPLES = 3


@dataclass
class Report:
    """Counts over a period.

    Attributes:
        alerts: rule -> different alerts that somebody was told of.
        messages: (kind, role) -> messages.
        people: person -> messages.
        told: (alert, person) -> net: told minus withdrawn.
        days: (person, local day) -> messages.
        examples: kind -> its first messages.
    """

    alerts: dict[str, set[str]] = field(default_factory=dict)
    messages: Counter[tuple[str, str]] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    days: Counter[tuple[str, int]] = field(default_factory=Counter)
    examples: dict[str, list[Notice]] = field(default_factory=dict)

    def add(self, messages: Iterable[Planned], day: int) -> None:
        """Count messages of a local day."""
        for message in messages:
            notice = message.notice
            self.messages[notice.kind.value, notice.role.value] += 1
            self.people[notice.person] += 1
            self.days[notice.person, day] += 1
            shown = self.examples.setdefault(notice.kind.value, [])
            if len(shown) < _EXAMPLES:
                shown.append(notice)
            sign = -1 if notice.kind.value == "withdrawal" else 1
            for case in message.cases:
                self.alerts.setdefault(case.rule.value, set()).add(case.alert_id)
                if notice.kind.value != "escalation":
                    self.told[case.alert_id, notice.person] += sign

    def add_digest(self, digest: DueDigest, day: int) -> None:
        """Count a digest."""
        person = digest.recipient.person.person_id
        self.messages[digest.kind.value, digest.recipient.role.value] += 1
        self.people[person] += 1
        self.days[person, day] += 1

    def by_day(self) -> Counter[int]:
        """Return the messages of each local day."""
        counts: Counter[int] = Counter()
        for (_, day), count in self.days.items():
            counts[day] += count
        return counts

    @property
    def busiest(self) -> tuple[str, int]:
        """The person who got most messages in one day, and how many; ("", 0) for none."""
        if not self.days:
            return "", 0
        (person, _), count = max(self.days.items(), key=lambda item: (item[1], item[0]))
        return person, count
