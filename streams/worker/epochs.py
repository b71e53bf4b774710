"""Epochs: which life of the events topic a worker belongs to, and by which rules it folds."""

from __future__ import annotations

from typing import NamedTuple

from clickhouse_connect.driver.client import Client

from schemas.errors import ZombieError

_ALL = """
SELECT epoch, topic_id, partitions, rules FROM topic_epochs WHERE topic = {topic:String}
"""


class Epoch(NamedTuple):
    """A registered epoch.

    Attributes:
        number: of the epoch; part of every version.
        same_since: oldest epoch of the same topic id and partition count, with none of another
            in between: offsets of these epochs mean the same records.
    """

    number: int
    same_since: int


def register_epoch(client: Client, topic: str, topic_id: str, partitions: int, rules: int) -> Epoch:
    """Return the epoch of this topic id, partition count and rules; a new one is registered.

    Must be called before any state is loaded: a worker of an older epoch sees the newer one
    after its next write and ends without committing, so nothing that it stored later than our
    load is counted as done (its records come again, to us).

    Blocks for two queries.

    Args:
        client: of the writer's account.
        topic: name of the events topic.
        topic_id: of its present life.
        partitions: how many it has.
        rules: fingerprint of rules that are in force (`register_rules`).

    Raises:
        ZombieError: another worker registered another life of the topic at the same instant, or
            a newer one is known: start again.
    """
    mine = (topic_id, partitions, rules)
    known = _known(client, topic)
    newest = max(known, default=0)
    if newest and mine in known[newest]:
        return Epoch(newest, _same_since(known, newest, mine))
    client.insert(
        "topic_epochs",
        [[topic, topic_id, partitions, newest + 1, rules]],
        column_names=["topic", "topic_id", "partitions", "epoch", "rules"],
        settings={"async_insert": 0},
    )
    known = _known(client, topic)
    if max(known) != newest + 1 or known[newest + 1] != {mine}:
        raise ZombieError(f"two lives of the topic {topic} were registered at once; start again")
    return Epoch(newest + 1, _same_since(known, newest + 1, mine))


_Life = tuple[str, int, int]


def _same_since(known: dict[int, set[_Life]], newest: int, mine: _Life) -> int:
    since = newest
    while {life[:2] for life in known.get(since - 1, ())} == {mine[:2]}:
        since -= 1
    return since


def _known(client: Client, topic: str) -> dict[int, set[_Life]]:
    known: dict[int, set[_Life]] = {}
    rows = client.query(_ALL, parameters={"topic": topic}).result_rows
    for epoch, topic_id, partitions, rules in rows:
        known.setdefault(epoch, set()).add((topic_id, partitions, rules))
    return known
