"""What must hold after every single step, not only at the end."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
from sim_kafka import SimKafka, SimRecord
from sim_oracle import Oracle, home_of, payload_of, recount
from sim_warehouse import Row, SimWarehouse, cells_of
from sim_worker import World

from schemas.events.shard import shard_of
from streams.cells import CELL_TABLES, contribute
from streams.deadlines import Alert
from streams.state.partition import epoch_and_offset

_LAYOUTS = {table.name: table for table in CELL_TABLES}


class Invariants:
    """Checks inserts, commits and alerts as they happen; what is broken is noted."""

    def __init__(self, world: World, oracle: Oracle) -> None:
        self.broken: list[str] = []
        self._world = world
        self._oracle = oracle
        self._partitions = world.kafka.topic.partitions
        self._first_topic = world.kafka.topic
        self._ids: dict[int, set[str]] = {}
        world.warehouse.on_insert = self.see_insert
        world.kafka.on_commit = self.see_commit

    @property
    def _kafka(self) -> SimKafka:
        return self._world.kafka

    @property
    def _warehouse(self) -> SimWarehouse:
        return self._world.warehouse

    def note_id(self, dossier_id: str) -> None:
        self._ids.setdefault(shard_of(dossier_id), set()).add(dossier_id)

    # -- rows: the state at the position that they name ------------------------------------

    def see_insert(self, table: str, rows: Sequence[Row]) -> None:
        """In the first epoch a row's content is decided by its position alone."""
        if table == "dossiers":
            for row in rows:
                self._see_dossier(row)
        elif table in _LAYOUTS:
            layout = _LAYOUTS[table]
            counted: dict[tuple[int, int], dict[tuple[object, ...], tuple[int, ...]]] = {}
            for row in rows:
                epoch, offset = epoch_and_offset(row["version"])
                if epoch != 1:
                    continue
                place = (row["shard"], offset)
                if place not in counted:
                    counted[place] = self._cells_at(table, *place)
                cells = [(key, tuple(counts)) for key, counts in cells_of(table, row)]
                found = dict(cells)
                ought = counted[place]
                if layout.gathered:
                    # All cells of the row's first key part, each once, and none of zero.
                    first = row[layout.keys[0]]
                    expected = {key: n for key, n in ought.items() if key[0] == first}
                    if len(found) != len(cells):
                        self._note(f"{table} {first} at offset {offset}: a cell twice")
                else:
                    expected = {key: ought.get(key, (0,) * len(found[key])) for key in found}
                if found != expected:
                    self._note(f"{table} at offset {offset}: {found}, ought {expected}")

    def _see_dossier(self, row: Row) -> None:
        epoch, offset = epoch_and_offset(row["position"])
        if epoch != 1:
            return
        events, losers = orjson.loads(row["history"])
        stored = {(e[0], e[1], e[2]) for e in events} | {tuple(loser) for loser in losers}
        log = self._first_topic.logs[home_of(row["dossier_id"], self._partitions)]
        arrived = self._oracle.arrivals(log, row["dossier_id"])
        expected = {payload_of(event) for at, event in arrived if at <= offset}
        if stored != expected:
            self._note(f"{row['dossier_id']} at {offset}: {sorted(stored ^ expected)} differ")

    def _cells_at(
        self, table: str, shard: int, offset: int
    ) -> dict[tuple[object, ...], tuple[int, ...]]:
        contributions = []
        for dossier_id in self._ids.get(shard, ()):
            log = self._first_topic.logs[shard % self._partitions]
            said = {
                payload_of(event): event
                for at, event in self._oracle.arrivals(log, dossier_id)
                if at <= offset
            }
            if said:
                contributions.append(contribute(self._oracle.facts(dossier_id, said)))
        return recount(contributions)[table]

    # -- commits: everything before is stored ----------------------------------------------

    def see_commit(self, partition: int, old: int, new: int) -> None:
        for record in self._kafka.topic.logs[partition]:
            if old <= record.offset < new:
                missing = self._missing(partition, record)
                if missing:
                    self._note(f"committed {partition}/{record.offset} without {missing}")

    def _missing(self, partition: int, record: SimRecord) -> str:
        said = self._oracle.read(record)
        if said is None:
            place = (partition, record.offset, record.timestamp)
            filed = {(x.partition, x.offset, x.log_ms) for x in self._world.letters}
            return "" if place in filed else "its dead letter"
        dossier_id, event = said
        logs = self._kafka.topic.logs
        has_grown = len(logs) != self._partitions
        if has_grown or home_of(dossier_id, len(logs)) != partition:
            # Sent home: then it lies there, and whoever commits it there has stored it.
            copies = {r.value for p, log in enumerate(logs) if p != partition for r in log}
            if record.value in copies:
                return ""
        shard = shard_of(dossier_id)
        tables = self._warehouse.tables
        if (shard, dossier_id, *payload_of(event)) not in tables["dossier_events"].rows:
            return "its audit row"
        row = tables["dossiers"].rows.get((shard, dossier_id))
        if row is None:
            return "its dossier"
        events, losers = orjson.loads(row["history"])
        stored = {(e[0], e[1], e[2]) for e in events} | {tuple(loser) for loser in losers}
        return "" if payload_of(event) in stored else "its place in the dossier"

    # -- alerts: only what stands by all that Kafka had ------------------------------------

    def see_alert(self, judged_end: int, alert: Alert) -> None:
        """In the first epoch: the crossing stands by the log up to some moment of the tick."""
        if len(self._warehouse.epochs) > 1:
            return
        now = self._world.now_ms() // 1000
        if alert.crossed_at > now:
            self._note(f"{alert.alert_id} raised before its time")
        log = self._first_topic.logs[home_of(alert.dossier_id, self._partitions)]
        arrived = self._oracle.arrivals(log, alert.dossier_id)
        ends = {judged_end, *(at + 1 for at, _ in arrived if at >= judged_end)}
        for end in ends:
            said = {payload_of(event): event for at, event in arrived if at < end}
            for crossing in self._oracle.crossings(alert.dossier_id, said):
                same = (crossing.rule, crossing.about, crossing.at, crossing.leg)
                if same == (alert.rule, alert.about_at, alert.crossed_at, alert.leg):
                    return
        self._note(f"{alert.alert_id} raised although nothing that was known says so")

    def _note(self, text: str) -> None:
        self.broken.append(f"{self._world.loop.time():.3f}: {text}")
