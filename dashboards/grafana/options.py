"""What a rendering is made for: the same options give the same JSON, byte by byte."""

from __future__ import annotations

from dataclasses import dataclass

PLUGIN_ID = "grafana-clickhouse-datasource"
#: Uid of the data source that all panels and rules name.
DATASOURCE_UID = "ioc-clickhouse"
FOLDER_UID = "ioc"


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """Settings that end up in SQL or JSON.

    Attributes:
        language: `vi` or `en`.
        ranking_minimum: fewest dossiers with which a unit's share is ranked.
        ranking_rows: rows that a ranking shows.
        due_soon_working_seconds: lead time of "due soon".
        shift_start_seconds: seconds after local midnight at which shifts begin; not empty.
        reporting_day: day of the month on which reporting months begin, 1 = calendar months.
        reporting_month: month in which the reporting year begins, 1 = January.
        refresh: how often a dashboard asks again, in Grafana's notation.
    """

    language: str = "vi"
    ranking_minimum: int = 30
    ranking_rows: int = 7
    due_soon_working_seconds: int = 8 * 3600
    shift_start_seconds: tuple[int, ...] = (7 * 3600,)
    reporting_day: int = 1
    reporting_month: int = 1
    refresh: str = "10s"
