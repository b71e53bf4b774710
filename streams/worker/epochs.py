"""Epochs: which life of the events topic a worker belongs to."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

from schemas.errors import ZombieError

_ALL = "SELECT epoch, topic_id, partitions FROM topic_epochs WHERE topic = {topic:String}"


def register_epoch(client: Client, topic: str, topic_id: str, partitions: int) -> int:
    """Return the epoch of this topic id and partition count; a new one is registered.

    Must be called before any state is loaded: a worker of an older epoch sees the newer one
    after its next write and ends without committing, so nothing that it stored later than our
    load is counted as done (its records come again, to us).

    Blocks for two queries.

    Raises:
        ZombieError: another worker registered another life of the topic at the same instant, or
            a newer one is known: start again.
    """
    mine = (topic_id, partitions)
    known = _known(client, topic)
    newest = max(known, default=0)
    if newest and mine in known[newest]:
        return newest
    client.insert(
        "topic_epochs",
        [[topic, topic_id, partitions, newest + 1]],
        column_names=["topic", "topic_id", "partitions", "epoch"],
        settings={"async_insert": 0},
    )
    known = _known(client, topic)
    if max(known) != newest + 1 or known[newest + 1] != {mine}:
        raise ZombieError(f"two lives of the topic {topic} were registered at once; start again")
    return newest + 1


def _known(client: Client, topic: str) -> dict[int, set[tuple[str, int]]]:
    known: dict[int, set[tuple[str, int]]] = {}
    for epoch, topic_id, partitions in client.query(_ALL, parameters={"topic": topic}).result_rows:
        known.setdefault(epoch, set()).add((topic_id, partitions))
    return known
