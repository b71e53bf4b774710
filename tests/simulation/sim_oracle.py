"""What ought to be stored, from the logs alone; never crashes, never forgets.

Uses the pure functions of the fold, and counts cells anew; nothing of the pipeline.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from sim_kafka import SimKafka, SimRecord

from schemas.errors import RejectError
from schemas.events import EventRecord, decode_event
from schemas.events.shard import partition_of_shard, shard_of
from streams.cells import CELL_TABLES, MEASURES, Contribution, contribute
from streams.cells.tables import RECEIVED
from streams.deadlines import Crossing, crossings_of
from streams.fold import Facts, FoldRules, fold, order_events
from streams.pipeline.rows import dossier_columns
from streams.state.dossier import Dossier
from streams.state.shard import ShardState

Payload = tuple[str, str, int]
Counts = dict[tuple[Any, ...], tuple[int, ...]]


def payload_of(event: EventRecord) -> Payload:
    """Identity of a payload within its dossier."""
    return event.source, event.event_id, event.content_hash


def read_record(record: SimRecord, known_units: Collection[str]) -> tuple[str, EventRecord] | None:
    """The valid event in a record, or None."""
    try:
        dossier_id, event = decode_event(record.value or b"", record.timestamp)
    except RejectError:
        return None
    leg_unit = None if event.leg is None else event.leg.unit
    named = {event.receiver, event.authority, event.handler, leg_unit} - {None}
    return (dossier_id, event) if named <= set(known_units) else None


def winners(payloads: Iterable[EventRecord]) -> list[EventRecord]:
    """The counting events, in order: of two payloads of one identity the larger hash."""
    best: dict[tuple[str, str], EventRecord] = {}
    for event in payloads:
        key = (event.source, event.event_id)
        if key not in best or best[key].content_hash < event.content_hash:
            best[key] = event
    return order_events(list(best.values()))


class Oracle:
    """Folds of sets of events, remembered."""

    def __init__(self, rules: FoldRules, known_units: Collection[str], lead_seconds: int) -> None:
        self.rules = rules
        self.known_units = known_units
        self._lead = lead_seconds
        self._facts: dict[tuple[str, frozenset[Payload]], Facts] = {}
        self._read: dict[SimRecord, tuple[str, EventRecord] | None] = {}

    def read(self, record: SimRecord) -> tuple[str, EventRecord] | None:
        """`read_record`, remembered."""
        if record not in self._read:
            self._read[record] = read_record(record, self.known_units)
        return self._read[record]

    def facts(self, dossier_id: str, payloads: Mapping[Payload, EventRecord]) -> Facts:
        key = (dossier_id, frozenset(payloads))
        if key not in self._facts:
            self._facts[key] = fold(winners(payloads.values()), self.rules)
        return self._facts[key]

    def crossings(
        self, dossier_id: str, payloads: Mapping[Payload, EventRecord]
    ) -> tuple[Crossing, ...]:
        if not payloads:
            return ()
        facts = self.facts(dossier_id, payloads)
        return crossings_of(facts, self.rules.calendar, self._lead)

    def valid(self, kafka: SimKafka) -> dict[str, dict[Payload, EventRecord]]:
        """Dossier -> distinct valid payloads in the topic as it is."""
        found: dict[str, dict[Payload, EventRecord]] = {}
        for log in kafka.topic.logs:
            for record in log:
                said = self.read(record)
                if said is not None:
                    found.setdefault(said[0], {})[payload_of(said[1])] = said[1]
        return found

    def arrivals(
        self, kafka_log: list[SimRecord], dossier_id: str
    ) -> list[tuple[int, EventRecord]]:
        """(offset, event) of a dossier in one partition's log."""
        return [
            (record.offset, said[1])
            for record in kafka_log
            if (said := self.read(record)) is not None and said[0] == dossier_id
        ]

    def letters(self, log: list[list[SimRecord]]) -> set[tuple[int, int, int]]:
        """Partition, offset and broker time of every record that cannot be used."""
        return {
            (partition, record.offset, record.timestamp)
            for partition, records in enumerate(log)
            for record in records
            if self.read(record) is None
        }

    def row(self, dossier_id: str, payloads: Mapping[Payload, EventRecord]) -> dict[str, Any]:
        """The dossier's row without version and position; its history as a set."""
        dossier = Dossier(dossier_id)
        dossier.facts = self.facts(dossier_id, payloads)
        shard = shard_of(dossier_id)
        columns = dossier_columns([(ShardState(shard), dossier)], {shard: 0})
        row = {name: values[0] for name, values in columns.items()}
        return project(row) | {"history": frozenset(payloads)}


def project(row: Mapping[str, Any]) -> dict[str, Any]:
    """A dossier's row without what may differ between two runs."""
    events, losers = orjson.loads(row["history"])
    payloads = {(e[0], e[1], e[2]) for e in events} | {tuple(loser) for loser in losers}
    kept = {name: value for name, value in row.items() if name not in ("version", "position")}
    return kept | {"history": frozenset(payloads)}


def recount(contributions: Iterable[Contribution]) -> dict[str, Counts]:
    """Count cells from nothing, table by table; cells of zeros are left out."""
    tables: dict[str, dict[tuple[Any, ...], list[int]]] = {t.name: {} for t in CELL_TABLES}
    widths = {table.name: len(table.measures) for table in CELL_TABLES}

    def count(table: str, key: tuple[Any, ...], measure: int = 0) -> None:
        tables[table].setdefault(key, [0] * widths[table])[measure] += 1

    for one in contributions:
        for code in one.days:
            count("dossier_days", (code >> 4, *one.dimensions), code & 15)
            count("province_days", (code >> 4,), code & 15)
            if code & 15 == RECEIVED and one.dimensions[4] == 2:
                count("province_days", (code >> 4,), len(MEASURES))
        if one.open is not None:
            count("open_dossiers", one.open)
        if one.national is not None:
            count("national_days", one.national)
        for day, unit, field, measure in one.leg_days:
            count("leg_days", (day, unit, field), measure)
        for waiting in one.open_legs:
            count("open_legs", waiting)
    return {
        name: {key: tuple(counts) for key, counts in cells.items()}
        for name, cells in tables.items()
    }


def expected_cells(
    oracle: Oracle, dossiers: Mapping[str, Mapping[Payload, EventRecord]]
) -> dict[str, Counts]:
    return recount(contribute(oracle.facts(one, said)) for one, said in dossiers.items() if said)


def home_of(dossier_id: str, partitions: int) -> int:
    return partition_of_shard(shard_of(dossier_id), partitions)
