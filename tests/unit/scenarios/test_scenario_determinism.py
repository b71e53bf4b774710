"""The same seed gives the same bytes, whatever the process; another one the same figures."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys

import orjson
import pytest
from scenario_recount import by_dossier, count

from ioc.scenarios.catalogue import scenario
from schemas.errors import ConfigurationError

_DIGEST = (
    "import hashlib, orjson, sys\n"
    "from ioc.scenarios.catalogue import scenario\n"
    "digest = hashlib.sha256()\n"
    "for event in scenario('small').events(int(sys.argv[1])): digest.update(orjson.dumps(event))\n"
    "print(digest.hexdigest())\n"
)


def digest_elsewhere(seed: int, hash_seed: str, calendar_morning: str) -> str:
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "IOC_CALENDAR_MORNING_START": calendar_morning,
        "TZ": "America/Lima",
    }
    command = [sys.executable, "-c", _DIGEST, str(seed)]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return result.stdout.strip()


def test_bytes_do_not_depend_on_process_hash_order_or_settings() -> None:
    """A set in a plan, or a calendar from the environment, once made other dossiers elsewhere."""
    digest = hashlib.sha256()
    for event in scenario("small").events(7):
        digest.update(orjson.dumps(event))
    here = digest.hexdigest()
    assert digest_elsewhere(7, "1", "07:00") == here
    assert digest_elsewhere(7, "2", "08:00") == here
    assert digest_elsewhere(8, "2", "07:00") != here


def test_another_seed_gives_the_same_figures() -> None:
    small = scenario("small")
    first, second = (count(small.events(seed), small.start, small.end) for seed in (1, 2))
    assert first == second


def test_small_has_everything() -> None:
    dossiers = by_dossier(scenario("small").events()).values()
    chains = {tuple(event["status"] for event in history) for history in dossiers}
    events = [event for history in dossiers for event in history]

    def has(*statuses: int) -> bool:
        """Whether some dossier went through these in a row, repetitions aside."""
        return any(
            tuple(chain[i : i + len(statuses)]) == statuses
            for chain in chains
            for i in range(len(chain))
        )

    assert has(5, 4), "supplement"
    assert has(6, 4), "payment"
    assert has(5, 4, 5, 4), "two supplements"
    assert has(9, 4, 9), "reopened"
    assert (1, 3) in chains, "refused"
    assert (1, 7) in chains, "withdrawn unreceived"
    assert has(2, 7) or has(4, 7), "withdrawn"
    assert has(7, 8), "withdrawn, then closed"
    assert has(4, 8) or has(2, 8), "stopped"
    assert any(10 in chain and 9 not in chain for chain in chains), "handed over without 9"
    assert {event["source"] for event in events} == {"motcua-tinh", "cong-dvc-tinh"}
    assert {"sequence" in event for event in events} == {True, False}
    assert any("supplement_due_at" in event for event in events)
    assert {"new_due_at" in event.get("apology", {"new_due_at": ""}) for event in events} == {
        True,
        False,
    }
    assert {event["leg"]["number"] for event in events if "leg" in event} == {1, 2, 3}
    assert {event.get("channel", 1) for event in events} == {1, 2, 3}
    assert {event.get("limit_unit") for event in events} >= {"working_hours", "working_days"}
    assert any(len({e["received_at"] for e in h if "received_at" in e}) > 1 for h in dossiers)
    assert any(len({e["authority"] for e in h if "authority" in e}) > 1 for h in dossiers)
    total = scenario("small").figures().total
    assert min(total.no_due, total.uncollected, total.receipt_late, total.receipt_overdue) > 0
    assert 300 <= total.dossiers <= 400


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigurationError, match="september-2024"):
        scenario("october-2024")
