"""What the warehouse must hold once every fault is over and all work is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sim_oracle import Oracle, Payload, expected_cells, project
from sim_worker import World

from schemas.events import EventRecord
from schemas.events.shard import shard_of
from streams.deadlines import Alert, Rule, alert_id

_Valid = Mapping[str, Mapping[Payload, EventRecord]]

#: Beyond so many payloads the subsets of a dossier's events are not looked through.
_MOST_PAYLOADS = 9


def wrong_at_the_end(
    world: World,
    oracle: Oracle,
    alerts: Sequence[Alert],
    source_wait_seconds: int,
    just_now_seconds: int,
    any_time: Sequence[Oracle],
) -> list[str]:
    """Everything that differs from the oracle, in words.

    Args:
        world: idle.
        oracle: never crashed.
        alerts: as sent, repetitions included.
        source_wait_seconds: how long crossings may wait for a silent source (wall clock).
        any_time: oracles of all rules that ever were in force, by which an alert may have stood.
        just_now_seconds: what came up so shortly ago may still be on its way.
    """
    valid = oracle.valid(world.kafka)
    settled = world.now_ms() // 1000 - source_wait_seconds - just_now_seconds
    return [
        *_dossiers(world, oracle, valid),
        *_cells(world, oracle, valid),
        *_audit_log(world, valid),
        *_letters(world, oracle),
        *_alerts(world, oracle, valid, alerts, settled, any_time),
    ]


def _dossiers(world: World, oracle: Oracle, valid: _Valid) -> Iterator[str]:
    rows = world.warehouse.tables["dossiers"].rows.values()
    stored = {row["dossier_id"]: project(row) for row in rows}
    for dossier_id in sorted(valid.keys() | stored.keys()):
        row = stored.get(dossier_id, {})
        expected = oracle.row(dossier_id, valid[dossier_id])
        if row != expected:
            names = [name for name in expected if row.get(name) != expected[name]]
            yield f"{dossier_id}: { {name: (row.get(name), expected[name]) for name in names} }"


def _cells(world: World, oracle: Oracle, valid: _Valid) -> Iterator[str]:
    for table, cells in expected_cells(oracle, valid).items():
        found = world.warehouse.cells(table)
        for key in cells.keys() | found.keys():
            if cells.get(key) != found.get(key):
                yield f"{table} {key}: {found.get(key)}, ought {cells.get(key)}"


def _audit_log(world: World, valid: _Valid) -> Iterator[str]:
    stored = set(world.warehouse.tables["dossier_events"].rows)
    ought = {(shard_of(d), d, *payload) for d, said in valid.items() for payload in said}
    if stored != ought:
        yield f"audit log: {sorted(stored ^ ought)[:5]} differ"


def _letters(world: World, oracle: Oracle) -> Iterator[str]:
    filed = {(x.partition, x.offset, x.log_ms) for x in world.letters}
    wanted = oracle.letters(world.kafka.topic.logs)
    older = {x for old in world.kafka.old_topics for x in oracle.letters(old.logs)}
    if not wanted <= filed <= wanted | older:
        yield f"dead letters: {sorted(filed ^ wanted)[:5]} differ"


def _alerts(
    world: World,
    oracle: Oracle,
    valid: _Valid,
    alerts: Sequence[Alert],
    settled: int,
    any_time: Sequence[Oracle],
) -> Iterator[str]:
    now = world.now_ms() // 1000
    raised = {alert.alert_id for alert in alerts}
    for dossier_id, said in valid.items():
        crossings = oracle.crossings(dossier_id, said)
        alarms = [c.at for c in crossings if c.rule is Rule.OVERDUE]
        for crossing in crossings:
            if crossing.at > settled or (crossing.rule is Rule.DUE_SOON and alarms[0] <= now):
                continue  # overdue says more than soon
            if alert_id(dossier_id, crossing) not in raised:
                yield f"never raised: {alert_id(dossier_id, crossing)}"
    if len(world.warehouse.epochs) > 1:
        # One log no longer tells the order of arrival; the invariant that is checked with every
        # alert of the first epoch becomes: some set of the dossier's events says so.
        for alert in alerts:
            said = valid.get(alert.dossier_id, {})
            if not any(_some_set_says(one, alert, said) for one in any_time):
                yield f"{alert.alert_id} never stood"


def _some_set_says(oracle: Oracle, alert: Alert, said: Mapping[Payload, EventRecord]) -> bool:
    payloads = list(said)
    if len(payloads) > _MOST_PAYLOADS:
        return True
    for bits in range(1, 1 << len(payloads)):
        some = {p: said[p] for number, p in enumerate(payloads) if bits >> number & 1}
        crossings = oracle.crossings(alert.dossier_id, some)
        if any(alert_id(alert.dossier_id, one) == alert.alert_id for one in crossings):
            return True
    return False
