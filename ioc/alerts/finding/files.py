"""Single files: an apology that is due or missing, and leads longer than the workers'."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from ioc.alerts.engine.case import Case
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import AlertRule
from schemas.alerting.rules_model import Rule
from schemas.calendar.calendar import WorkingCalendar
from streams.deadlines.crossings import working_time_before

#: What came about longer ago goes by the file's alert of being overdue: told singly if that is,
#: and left alone while there is none.
OLD_AFTER_SECONDS = 86_400
_ACCEPTED = 2


class Candidate(NamedTuple):
    """A row of `soon_candidates.sql`."""

    dossier_id: str
    shard: int
    authority: str
    handler: str
    receiver: str
    field: str
    procedure: str
    due_at: int
    alarm_at: int
    apologised: bool
    status: int
    leg_late: bool

    @property
    def about_at(self) -> int:
        """The due time that alerts are about."""
        return self.due_at or self.alarm_at


def found_files(
    candidates: Iterable[Sequence[Any]],
    rulebook: Rulebook,
    people: PeopleBook,
    calendar: WorkingCalendar,
    worker_lead_seconds: int,
    late_promises: frozenset[str],
    cases: Mapping[str, Case],
    now: int,
) -> list[Case]:
    """Return the cases that candidates give rise to; the same file always gives the same ids.

    Args:
        candidates: files around their deadline.
        rulebook: which rules there are.
        people: for the hierarchy that rules choose units by.
        calendar: of working time.
        worker_lead_seconds: with which workers raise "due soon" themselves.
        late_promises: files whose explanation promises a day after the due day.
        cases: that are known, by id.
        now: epoch seconds.
    """
    found: list[Case] = []
    for row in candidates:
        file = Candidate(*row)
        for what in (AlertRule.DUE_SOON, AlertRule.APOLOGY_DUE, AlertRule.NO_APOLOGY):
            case = _case(file, what)
            above = people.units_above(file.authority, now) or (file.authority,)
            rule = rulebook.rule_for(case, above)
            if rule is None:
                continue
            crossed = _crossing(
                file, what, rule, rulebook, calendar, worker_lead_seconds, late_promises, now
            )
            if crossed is None or crossed > now:
                continue
            case.crossed_at = crossed
            case.raised_ms = now * 1000
            if what is AlertRule.NO_APOLOGY and now - crossed > OLD_AFTER_SECONDS:
                # This process, or a worker, may have been away meanwhile.
                overdue = cases.get(f"{AlertRule.OVERDUE}/{file.dossier_id}/{file.about_at}")
                if overdue is None:
                    continue
                case.digest = overdue.digest
            found.append(case)
    return found


def _crossing(
    file: Candidate,
    what: AlertRule,
    rule: Rule,
    rulebook: Rulebook,
    calendar: WorkingCalendar,
    worker_lead_seconds: int,
    late_promises: frozenset[str],
    now: int,
) -> int | None:
    if what is AlertRule.NO_APOLOGY:
        if file.apologised or file.alarm_at > now:
            return None
        grace = round(rule.grace_working_hours * 3600)
        return calendar.add_working_seconds(file.alarm_at, grace)
    if file.alarm_at <= now:
        return None
    lead = rulebook.lead_seconds(rule, file.procedure, worker_lead_seconds)
    if what is AlertRule.DUE_SOON:
        # Workers raise the others themselves, under the same id.
        return (
            working_time_before(file.alarm_at, lead, calendar)
            if (lead > worker_lead_seconds)
            else None
        )
    if file.apologised or not will_miss(file, late_promises):
        return None
    return working_time_before(file.alarm_at, lead, calendar)


def will_miss(file: Candidate, late_promises: frozenset[str]) -> bool:
    """Whether a file cannot make it as far as is known.

    Nobody has begun to process it, a leg of it is late already, or whoever answered for it
    promised a day after the due day.
    """
    return file.leg_late or file.status == _ACCEPTED or file.dossier_id in late_promises


def _case(file: Candidate, what: AlertRule) -> Case:
    return Case(
        alert_id=f"{what}/{file.dossier_id}/{file.about_at}",
        rule=what,
        dossier_id=file.dossier_id,
        shard=file.shard,
        unit=file.authority,
        handler=file.handler,
        receiver=file.receiver,
        field=file.field,
        procedure=file.procedure,
        leg=0,
        about_at=file.about_at,
        crossed_at=0,
        raised_ms=0,
        digest=False,
    )
