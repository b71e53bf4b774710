"""The query of the ClickHouse plugin: the SDK has no builder for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from grafana_foundation_sdk.cog import builder as cogbuilder
from grafana_foundation_sdk.cog import variants as cogvariants
from grafana_foundation_sdk.models.dashboard import DataSourceRef

from dashboards.grafana.options import DATASOURCE_UID, PLUGIN_ID


class Format(IntEnum):
    """What the plugin's backend makes of an answer (its `format`)."""

    TIME_SERIES = 0
    TABLE = 1


def datasource() -> DataSourceRef:
    """Return the reference to the published data source."""
    return DataSourceRef(type_val=PLUGIN_ID, uid=DATASOURCE_UID)


@dataclass(slots=True)
class ClickHouseQuery(cogvariants.Dataquery):
    """One statement; `queryType: sql` is understood by every release of the plugin."""

    raw_sql: str
    answer_format: Format = Format.TABLE
    ref_id: str = "A"

    def to_json(self) -> dict[str, object]:
        """Return the form that dashboards and alert rules store."""
        return {
            "datasource": datasource(),
            "editorType": "sql",
            "format": int(self.answer_format),
            "queryType": "sql",
            "rawSql": self.raw_sql,
            "refId": self.ref_id,
        }


class ClickHouseTarget(cogbuilder.Builder[cogvariants.Dataquery]):
    """Builder of a `ClickHouseQuery`, as panels and rules take it."""

    def __init__(
        self, raw_sql: str, answer_format: Format = Format.TABLE, ref_id: str = "A"
    ) -> None:
        self._query = ClickHouseQuery(raw_sql, answer_format, ref_id)

    def build(self) -> cogvariants.Dataquery:
        """Return the query."""
        return self._query
