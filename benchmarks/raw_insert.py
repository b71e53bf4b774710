"""ClickHouse alone parsing and storing the same JSON: the limit to measure against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from benchmarks.place import Place
from benchmarks.usage import Usage, UsageMeter
from ioc.replay.outgoing import OutgoingRecord

_SETTINGS = {
    "async_insert": 0,
    "date_time_input_format": "best_effort",
    "input_format_skip_unknown_fields": 1,
    "input_format_null_as_default": 1,
}


@dataclass(frozen=True)
class RawInsert:
    """Figures of one load.

    Attributes:
        rows: inserted.
        rows_at_once: rows of one insert.
        usage: from the first to the last insert.
    """

    rows: int
    rows_at_once: int
    usage: Usage

    @property
    def wall_us(self) -> float:
        """Wall microseconds per row, one insert after the other."""
        return self.usage.seconds / self.rows * 1e6

    @property
    def cpu_us(self) -> float:
        """CPU microseconds of the engine per row."""
        return self.usage.cpu_seconds["clickhouse"] / self.rows * 1e6

    def as_json(self) -> dict[str, Any]:
        """Return all figures."""
        return {**asdict(self), "wall_us": self.wall_us, "cpu_us": self.cpu_us}


def insert_raw(place: Place, records: Sequence[OutgoingRecord], rows_at_once: int) -> RawInsert:
    """Insert the values as JSONEachRow into a table of the audit log's shape."""
    sql = resources.files("benchmarks").joinpath("raw_events.sql").read_text("utf-8")
    place.client.command(sql)
    bodies = [
        b"\n".join(record.value for record in records[start : start + rows_at_once])
        for start in range(0, len(records), rows_at_once)
    ]
    pid = place.engines.clickhouse.pid
    if pid is None:
        raise RuntimeError("ClickHouse does not run")
    meter = UsageMeter({"clickhouse": pid})
    for body in bodies:
        place.client.raw_insert(
            "raw_events", insert_block=body, fmt="JSONEachRow", settings=_SETTINGS
        )
        meter.sample()
    usage = meter.stop()
    stored = place.client.query("SELECT count() FROM raw_events").result_rows[0][0]
    place.client.command("DROP TABLE raw_events SYNC")
    if not 0 < stored <= len(records):
        raise RuntimeError(f"{stored} of {len(records)} rows were stored")
    return RawInsert(len(records), rows_at_once, usage)
