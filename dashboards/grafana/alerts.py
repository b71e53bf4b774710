"""Grafana's alert rules: what people must hear of although nobody looks at a wall."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.builders import alerting, expr
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.alerting import RelativeTimeRange
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from dashboards.grafana.options import DATASOURCE_UID, FOLDER_UID, RenderOptions
from dashboards.grafana.own_query import own_query
from dashboards.grafana.parameters import CLOCK, ZONE, clock_parameters
from dashboards.grafana.raw_sql import raw_sql
from dashboards.grafana.target import ClickHouseTarget
from dashboards.grafana.texts import GrafanaText
from dashboards.query import load_query

#: Units that the rule looks at; a ranking on a wall shows fewer.
_EVERY_UNIT = "1000"
_EXPRESSION = "__expr__"


@dataclass(frozen=True, slots=True)
class AlertLimits:
    """Beyond which values people are told.

    Attributes:
        overdue_share: of a unit's dossiers in process, 0 to 1.
        silence_working_hours: without any event of a source.
        lag_events: that wait in Kafka.
        worker_silence_seconds: since the workers' last word.
        dead_letters: that nobody has dealt with.
    """

    overdue_share: float = 0.1
    silence_working_hours: float = 8.0
    lag_events: int = 10_000
    worker_silence_seconds: int = 120
    dead_letters: int = 0


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    title: GrafanaText
    says: GrafanaText
    limit: float
    lasts: str
    severity: str
    #: Template of the value in the message, and names of labels.
    value: str = '{{ printf "%.0f" .Values.A.Value }}'


def render_rules(
    options: RenderOptions, limits: AlertLimits, receiver: str = ""
) -> list[dict[str, Any]]:
    """Return the rules in the form of Grafana's provisioning interface.

    No text holds `$`: file provisioning would replace what follows it.

    Args:
        options: of the rendering.
        limits: beyond which a rule fires.
        receiver: contact point of all rules; empty = Grafana's own policies decide.
    """
    expressions = rule_parameters(options)
    made = [_rule(each, options, expressions, receiver) for each in _rules(limits)]
    rules: list[dict[str, Any]] = json.loads(json.dumps(made, cls=JSONEncoder))
    return rules


def rule_parameters(options: RenderOptions) -> dict[str, str]:
    """Return the expressions for conditions: now, today, the whole province."""
    today = f"toDate(now(), {ZONE})"
    known = {
        **clock_parameters(CLOCK, options),
        "rows": _EVERY_UNIT,
        "from_day": today,
        "to_day": today,
        "units_on": today,
        "before_from_day": f"({today} - 1)",
        "before_to_day": f"({today} - 1)",
        "from_at": f"toInt64(toUnixTimestamp(toDateTime({today}, {ZONE})))",
        "until_at": f"toInt64(toUnixTimestamp(toDateTime({today} + 1, {ZONE})))",
        "step": "'day'",
        "unit": "''",
        "level": "''",
        "field": "''",
        "dossier": "''",
        "channel": "toUInt8(0)",
    }
    inner = {name: raw_sql(load_query(name), known) for name in ("units_overdue", "pipeline")}
    return {**known, **inner}


def _rules(limits: AlertLimits) -> tuple[_Rule, ...]:
    text = GrafanaText
    return (
        _Rule(
            "overdue_share", text.RULE_OVERDUE_SHARE, text.SAYS_OVERDUE_SHARE,
            limits.overdue_share, "15m", "warning", "{{ humanizePercentage .Values.A.Value }}",
        ),
        _Rule(
            "silent_sources", text.RULE_SILENT_SOURCE, text.SAYS_SILENT_SOURCE,
            limits.silence_working_hours, "5m", "warning",
        ),
        _Rule("lag", text.RULE_LAG, text.SAYS_LAG, limits.lag_events, "5m", "critical"),
        _Rule(
            "worker_gone", text.RULE_WORKER_GONE, text.SAYS_WORKER_GONE,
            limits.worker_silence_seconds, "1m", "critical",
        ),
        _Rule(
            "dead_letters", text.RULE_DEAD_LETTERS, text.SAYS_DEAD_LETTERS,
            limits.dead_letters, "1m", "warning",
        ),
    )  # fmt: skip


def _rule(rule: _Rule, options: RenderOptions, expressions: dict[str, str], receiver: str) -> Any:
    says = rule.says.value.en if options.language == "en" else rule.says.value.vi
    message = (
        says.replace("{unit}", "{{ .Labels.unit }}")
        .replace("{source}", "{{ .Labels.source }}")
        .replace("{value}", rule.value)
    )
    window = RelativeTimeRange(from_val=600, to=0)
    asks = (
        alerting.Query("A")
        .datasource_uid(DATASOURCE_UID)
        .relative_time_range(window)
        .model(ClickHouseTarget(raw_sql(own_query(rule.name), expressions)))
    )
    compares = (
        alerting.Query("B")
        .datasource_uid(_EXPRESSION)
        .relative_time_range(window)
        .model(_beyond(rule.limit))
    )
    made = (
        alerting.Rule(rule.title.in_language(options.language))
        .uid(f"ioc-{rule.name.replace('_', '-')}")
        .folder_uid(FOLDER_UID)
        .rule_group(GrafanaText.RULES.in_language(options.language))
        .condition("B")
        .with_query(asks)
        .with_query(compares)
        .for_val(rule.lasts)
        # No row means that no unit, source or record is in that state.
        .no_data_state("OK")
        .exec_err_state("Error")
        .is_paused(False)
        .labels({"ioc": "true", "severity": rule.severity})
        .annotations({"summary": message})
    )
    if receiver:
        made.notification_settings(alerting.NotificationSettings().receiver(receiver))
    return made.build()


def _beyond(limit: float) -> expr.TypeThreshold:
    above = (
        expr.ExprTypeThresholdConditions()
        .evaluator(expr.ExprTypeThresholdConditionsEvaluator().type("gt").params([limit]))
    )  # fmt: skip
    return (
        expr.TypeThreshold()
        .ref_id("B")
        .datasource(DataSourceRef(type_val=_EXPRESSION, uid=_EXPRESSION))
        .expression("A")
        .conditions([above])
    )
