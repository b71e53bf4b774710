"""The SQL expression that stands for each parameter of the catalogue's queries.

The wall binds values; Grafana's data source plugin cannot. So each `{name:Type}` is replaced by an
expression over the plugin's macros `$__fromTime` and `$__toTime` (an absolute
`toDateTime(<seconds>)` each), the server's clock, and Grafana's variables.

A variable's value is pasted into the statement by the browser. None of Grafana's own quotings is
safe for ClickHouse (`:sqlstring` doubles the quote but leaves the backslash, which ClickHouse reads
as an escape), so values come percent-encoded: only `A-Z a-z 0-9 - _ . ~ %` can reach the literal,
and the server decodes it.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboards.board import Board, Variable
from dashboards.grafana.options import RenderOptions
from schemas.errors import ConfigurationError

ZONE = "'Asia/Ho_Chi_Minh'"
#: What "no restriction" is called in an address: Grafana keeps no empty value of a list.
ALL = "all"
#: Hidden variable of every dashboard: compare due times with this moment (ISO) instead of now.
AT = "at"
#: Longest periods, in days, that are drawn by day and by week; as on the built-in wall.
DAYS_BY_DAY = 62
DAYS_BY_WEEK = 430

FROM_DAY = f"toDate($__fromTime, {ZONE})"
TO_DAY = f"toDate($__toTime, {ZONE})"
CLOCK = "toInt64(toUnixTimestamp(now()))"
_NEWEST_CALENDAR = "calendar_version = (SELECT max(calendar_version) FROM working_intervals)"


def panel_parameters(board: Board, options: RenderOptions) -> dict[str, str]:
    """Return name to expression for the panels of one board.

    A variable that the board does not know stands for "no restriction".
    """
    moment = f"parseDateTimeBestEffortOrNull({_decoded(AT)}, {ZONE})"
    clock = f"toInt64(ifNull(toUnixTimestamp({moment}), toUnixTimestamp(now())))"
    known = set(board.variables)
    return {
        **_period(options),
        **clock_parameters(clock, options),
        "units_on": f"least({_day_of(clock)}, {TO_DAY})",
        "unit": _text(Variable.UNIT, known),
        "level": _text(Variable.LEVEL, known),
        "field": _text(Variable.FIELD, known),
        "dossier": _text(Variable.DOSSIER, known),
        "channel": (
            f"toUInt8OrZero({_decoded(Variable.CHANNEL)})"
            if Variable.CHANNEL in known
            else "toUInt8(0)"
        ),
    }


def clock_parameters(clock: str, options: RenderOptions) -> dict[str, str]:
    """Return the expressions that need neither a time picker nor variables: for alert rules too."""
    return {
        "now": clock,
        "today": _day_of(clock),
        "due_soon_until": _due_soon_until(clock, options.due_soon_working_seconds),
        "shift_at": _shift_at(clock, options.shift_start_seconds),
        "working_now": (
            "ifNull((SELECT toUInt8(count() > 0) FROM working_intervals FINAL"
            f" WHERE {_NEWEST_CALENDAR} AND start_at <= {clock} AND end_at > {clock}), 0)"
        ),
        "minimum": str(options.ranking_minimum),
        "rows": str(options.ranking_rows),
    }


def expression(name: str, expressions: Mapping[str, str], query: str) -> str:
    """Return the expression of a parameter; raises `ConfigurationError` for an unknown one."""
    try:
        return expressions[name]
    except KeyError:
        raise ConfigurationError(
            f"{query}.sql names the parameter {name}, for which the Grafana renderer has no "
            "expression: add one to dashboards/grafana/parameters.py"
        ) from None


def _period(options: RenderOptions) -> dict[str, str]:
    days = f"(dateDiff('day', {FROM_DAY}, {TO_DAY}) + 1)"
    months = f"dateDiff('month', {FROM_DAY}, {TO_DAY} + 1)"
    # A reporting month, quarter, half or whole year is compared with the one before it, any other
    # range with as many days before. Months are counted from the reporting year's first; one that
    # does not begin on the first is named after the month in which it ends.
    first = options.reporting_month - 1 - (options.reporting_day > 1)
    number = f"(toYear({FROM_DAY}) * 12 + toMonth({FROM_DAY}) - 1 - {first})"
    is_kind = (
        f"toDayOfMonth({FROM_DAY}) = {options.reporting_day}"
        f" AND toDayOfMonth({TO_DAY} + 1) = {options.reporting_day}"
        f" AND {months} IN (1, 3, 6, 12) AND modulo({number}, greatest({months}, 1)) = 0"
    )
    return {
        "from_day": FROM_DAY,
        "to_day": TO_DAY,
        "before_from_day": (
            f"if({is_kind}, subtractMonths({FROM_DAY}, {months}), {FROM_DAY} - {days})"
        ),
        "before_to_day": f"({FROM_DAY} - 1)",
        "from_at": f"toInt64(toUnixTimestamp(toDateTime({FROM_DAY}, {ZONE})))",
        "until_at": f"toInt64(toUnixTimestamp(toDateTime({TO_DAY} + 1, {ZONE})))",
        "step": f"multiIf({days} <= {DAYS_BY_DAY}, 'day', {days} <= {DAYS_BY_WEEK}, 'week',"
        " 'month')",
    }


def _due_soon_until(clock: str, lead_seconds: int) -> str:
    # The last instant before which no more than the lead time of work is left: `worked` is the
    # working time from the clock to an interval's end, so the lead time and one second run out
    # (worked - lead - 1) before that end. Without a calendar nothing is due soon.
    beyond = lead_seconds + 1
    return (
        f"ifNull((SELECT minOrNull(end_at - (worked - {beyond})) - 1 FROM ("
        f"SELECT end_at, sum(end_at - greatest(start_at, {clock})) OVER (ORDER BY start_at)"
        f" AS worked FROM working_intervals FINAL WHERE {_NEWEST_CALENDAR}"
        f" AND end_at > {clock}) WHERE worked >= {beyond}), {clock})"
    )


def _day_of(clock: str) -> str:
    return f"toDate(toDateTime({clock}, {ZONE}))"


def _shift_at(clock: str, starts: tuple[int, ...]) -> str:
    listed = ", ".join(str(start) for start in starts)
    # Vietnam has one offset, +7, and no summer time.
    return (
        f"({clock} - arrayMin(start -> positiveModulo({clock} + 25200 - start, 86400), [{listed}]))"
    )


def _text(variable: Variable, known: set[Variable]) -> str:
    if variable not in known:
        return "''"
    return f"transform({_decoded(variable)}, ['{ALL}'], [''])"


def _decoded(variable: str) -> str:
    return f"decodeURLComponent('${{{variable}:percentencode}}')"
