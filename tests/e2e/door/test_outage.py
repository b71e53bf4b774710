"""What was acknowledged is stored, once, although Kafka was away and the gateway was killed."""

from __future__ import annotations

from pipeline_kit import Beside

from door.outage import AWAY_SECONDS

_MEGABYTE = 1_000_000


def test_kafka_away_for_a_minute_and_a_gateway_killed_under_load(minute: Beside) -> None:
    """The last file of the folder waits for what began with the first one."""
    story = minute.result("minute", 600)
    assert story.away_seconds >= AWAY_SECONDS
    # Alive, and not ready, all the minute long.
    assert set(story.health) == {(503, 200)}
    assert len(story.health) > 5
    assert max(story.memory_bytes) < story.memory_bytes[0] + 50 * _MEGABYTE
    assert set(story.refusals) <= {401, 503}, story.refusals
    assert story.exit_code == 0
    assert len(story.stored) == len(set(story.stored))
    assert story.acknowledged <= set(story.stored)
    # One payload for each dossier, however often it was sent.
    assert story.payloads_of_a_dossier == 1
    assert story.counted == len(story.stored)
