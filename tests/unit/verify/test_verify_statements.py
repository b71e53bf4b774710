"""The SQL files can be run by hand and name no database, shard or limit of their own."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from ioc.verify.run import BATCH_EVENTS, _batches

FILES = sorted(entry.name for entry in resources.files("ioc.verify").joinpath("sql").iterdir())
PARAMETERS = {
    "database:Identifier",
    "scratch:Identifier",
    "sums:Identifier",
    "to_add:Identifier",
    "stored:Identifier",
    "derived:Identifier",
    "names:Array(String)",
    "shards:Array(UInt8)",
    "limit:UInt32",
    "receipt_limit_seconds:UInt32",
    "same_day_cutoff_seconds:UInt32",
}


@pytest.mark.parametrize("name", FILES)
def test_every_value_is_bound(name: str) -> None:
    text = resources.files("ioc.verify").joinpath("sql", name).read_text("utf-8")
    assert text.startswith("-- "), "says what it is"
    assert set(re.findall(r"\{([^}]*)\}", text)) <= PARAMETERS
    # A table without a database would be looked for in whatever database the client is in.
    tables = re.findall(r"\b(?:FROM|(?<!ARRAY )JOIN)\s+([a-z_]+)\b(?!\s*\()", text)
    defined = set(re.findall(r"\b([a-z_]+) AS\s*\n?\s*\(", text))
    assert set(tables) <= defined


def test_nothing_of_the_worker_is_used() -> None:
    """Independence is the point: a shared mistake would verify itself."""
    sources = [
        entry.read_text("utf-8")
        for entry in resources.files("ioc.verify").iterdir()
        if entry.name.endswith(".py")
    ]
    assert sources
    assert not any(re.search(r"^\s*(from|import) streams", text, re.MULTILINE) for text in sources)


def test_batches_hold_a_bounded_number_of_events() -> None:
    sizes = {0: BATCH_EVENTS - 1, 1: 1, 2: 1, 3: BATCH_EVENTS * 3, 4: 0, 5: 7}
    assert list(_batches(list(sizes), sizes)) == [[0, 1], [2], [3], [4, 5]]
