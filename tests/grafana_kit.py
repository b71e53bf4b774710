"""What Grafana and its ClickHouse plugin do to a statement before the server sees it.

Written from their documentation: the browser replaces `$name`, `${name}`, `${name:format}` and
`[[name]]` of variables that the dashboard has and leaves others alone; then the plugin's backend
replaces the macros, the time picker's ends as absolute seconds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from dashboards.grafana.options import RenderOptions
from ioc.wall.reporting import MONTHS, Reporting

Value = str | Sequence[str]
_VARIABLE = re.compile(
    r"\$(\w+)|\[\[(\w+?)(?::(\w+))?\]\]|\$\{(\w+)(?:\.([^:^}]+))?(?::([^}]+))?\}"
)


@dataclass(frozen=True)
class Look:
    """One look at a dashboard: the time picker and the variables' values."""

    start: dt.datetime
    end: dt.datetime
    variables: Mapping[str, Value] = field(default_factory=dict)

    def expand(self, raw_sql: str) -> str:
        return self._macros(self._variables(raw_sql))

    def _variables(self, text: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            name = match[1] or match[2] or match[4]
            form = match[3] or match[6] or ""
            if name not in self.variables:
                return match[0]
            return _formatted(name, self.variables[name], form)

        return _VARIABLE.sub(replaced, text)

    def _macros(self, text: str) -> str:
        start, end = int(self.start.timestamp()), int(self.end.timestamp())
        macros = {
            "fromTime_ms": f"fromUnixTimestamp64Milli({start * 1000})",
            "toTime_ms": f"fromUnixTimestamp64Milli({end * 1000})",
            "fromTime": f"toDateTime({start})",
            "toTime": f"toDateTime({end})",
        }
        for name, expression in macros.items():
            text = re.sub(rf"\$__{name}\b(?:\(\))?", expression, text)
        assert not re.search(r"\$__\w", text), "a macro that the plugin does not know"
        assert not re.search(r"\$\{", text), "a variable that the dashboard does not have"
        return text


def _formatted(name: str, value: Value, form: str) -> str:
    many = not isinstance(value, str)
    if form == "percentencode":
        # encodeURIComponent, and !'()* as well; several values as one glob.
        plain = "{" + ",".join(value) + "}" if many else str(value)
        return quote(plain, safe="-_.~")
    if form == "queryparam":
        values = list(value) if many else [str(value)]
        return "&".join(f"var-{name}={quote(each, safe='')}" for each in values)
    assert not form, f"no such format: {form}"
    return "'" + "','".join(value) + "'" if many else str(value)


def period_before(options: RenderOptions, first: dt.date, last: dt.date) -> tuple[dt.date, dt.date]:
    """Return the period before as the built-in wall cuts it."""
    reporting = Reporting(options.reporting_day, options.reporting_month)
    kinds = [name for name in MONTHS if reporting.days(name, first) == (first, last)]
    return reporting.before(kinds[0] if kinds else "range", first, last)


def panels_of(dashboard: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    yield from dashboard["panels"]


def statements(dashboard: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield every panel of a dashboard with its statement."""
    for panel in panels_of(dashboard):
        for target in panel["targets"]:
            yield panel, target["rawSql"]


def defaults(dashboard: Mapping[str, Any], **changes: Value) -> dict[str, Value]:
    """Return the variables of a dashboard as it opens, with these changes."""
    opened: dict[str, Value] = {
        each["name"]: each["current"]["value"] for each in dashboard["templating"]["list"]
    }
    return {**opened, **{name: value for name, value in changes.items() if name in opened}}
