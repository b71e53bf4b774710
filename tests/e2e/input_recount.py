"""Counts what was sent, by itself, to be compared with the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from rig import Rig
from xxhash import xxh3_64_intdigest

from ioc.replay.outgoing import OutgoingRecord

#: One payload: dossier, source, event id, content hash.
Payload = tuple[str, str, str, int]


class InputRecount:
    """The set of distinct usable payloads that went into Kafka.

    What spoiling adds to be refused carries its purpose in the event id, or cannot be read.
    """

    def __init__(self) -> None:
        self.payloads: set[Payload] = set()
        self.refused = 0

    def watch(self, records: Iterable[OutgoingRecord]) -> Iterator[OutgoingRecord]:
        """Pass records on and count them."""
        for record in records:
            payload = _payload(record.value)
            if payload is None:
                self.refused += 1
            else:
                self.payloads.add(payload)
            yield record

    @property
    def dossiers(self) -> set[str]:
        return {payload[0] for payload in self.payloads}

    def check(self, rig: Rig) -> None:
        """Assert that the audit log holds every payload once, and nothing else."""
        rows = rig.rows(
            "SELECT dossier_id, source, event_id, content_hash FROM dossier_events FINAL"
        )
        stored = set(rows)
        missing, strange = self.payloads - stored, stored - self.payloads
        assert not missing, f"{len(missing)} payloads were lost, such as {sorted(missing)[:3]}"
        assert not strange, f"{len(strange)} payloads nobody sent, such as {sorted(strange)[:3]}"
        assert len(rows) == len(stored), "a payload is in the audit log twice"
        ids = [row[0] for row in rig.rows("SELECT dossier_id FROM dossiers FINAL")]
        assert len(ids) == len(set(ids)), "a dossier has two homes"
        assert set(ids) == self.dossiers


def _payload(value: bytes) -> Payload | None:
    try:
        event = json.loads(value)
    except ValueError:
        return None
    if not isinstance(event, dict):
        return None
    event_id = event.get("event_id")
    if event_id is None or event_id.startswith(("garbage-", "future-")):
        return None
    digest = xxh3_64_intdigest(value)
    return event["dossier_id"], event["source"], event_id, digest
