"""Cases as rows of `alert_cases`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ioc.alerts.engine.case import Case
from schemas.alerting.names import AlertRule, CaseState
from streams.deadlines import Alert, Rule


def case_of(row: Sequence[Any]) -> Case:
    """Make a case of a row of `cases_watched.sql` or `cases_new.sql`."""
    (alert_id, rule, dossier_id, shard, unit, handler, receiver, field, procedure, leg, about_at,
     crossed_at, raised_ms, digest, state, why, round_, level, told_at, unknown_since, value,
     threshold, closed_at, version) = row  # fmt: skip
    return Case(
        alert_id=alert_id,
        rule=AlertRule(rule),
        dossier_id=dossier_id,
        shard=shard,
        unit=unit,
        handler=handler,
        receiver=receiver,
        field=field,
        procedure=procedure,
        leg=leg,
        about_at=about_at,
        crossed_at=crossed_at,
        raised_ms=raised_ms,
        digest=bool(digest),
        state=CaseState(state),
        why=why,
        round=round_,
        level=level,
        told_at=told_at,
        unknown_since=unknown_since,
        value=value,
        threshold=threshold,
        closed_at=closed_at,
        version=version,
    )


def case_of_alert(alert: Alert) -> Case:
    """Make the first form of a case from a worker's record."""
    return Case(
        alert_id=alert.alert_id,
        rule=AlertRule(alert.rule.value),
        dossier_id=alert.dossier_id,
        shard=alert.shard,
        unit=alert.authority,
        handler=alert.handler,
        receiver=alert.receiver,
        field="",
        procedure="",
        leg=alert.leg,
        about_at=alert.about_at,
        crossed_at=alert.crossed_at,
        raised_ms=alert.raised_at_ms,
        # What is still ahead is not old, whenever the span before it began: a weekend lies
        # between a file of Monday morning and the working day before its deadline.
        digest=alert.digest and alert.rule is not Rule.DUE_SOON,
    )


def alert_of(row: Sequence[Any]) -> Alert:
    """Make a worker's record again of a row of `cases_missing.sql`."""
    names = (
        "alert_id", "rule", "dossier_id", "shard", "authority", "handler", "receiver", "leg",
        "about_at", "crossed_at", "raised_at_ms", "digest",
    )  # fmt: skip
    return Alert.model_validate(dict(zip(names, row, strict=True)))


def with_age(case: Case, old_before_ms: int) -> Case:
    """Return the case, for digests only if it is from before anybody was told.

    Whoever starts the alert process for the first time finds a year of records in the topic.
    """
    if case.raised_ms < old_before_ms and not case.told_at and case.rule is not AlertRule.DUE_SOON:
        case.digest = True
    return case


def case_columns(cases: Iterable[Case]) -> dict[str, list[Any]]:
    """Return the rows of some cases as columns; empty for none."""
    listed = list(cases)
    if not listed:
        return {}
    columns: dict[str, list[Any]] = {
        name: [getattr(case, name) for case in listed]
        for name in (
            "alert_id", "dossier_id", "shard", "unit", "handler", "receiver", "field",
            "procedure", "leg", "about_at", "crossed_at", "why", "round", "level", "told_at",
            "unknown_since", "value", "threshold", "closed_at", "version",
        )
    }  # fmt: skip
    columns["rule"] = [case.rule.value for case in listed]
    columns["state"] = [case.state.value for case in listed]
    columns["raised_at"] = [case.raised_ms for case in listed]
    columns["digest"] = [int(case.digest) for case in listed]
    return columns
