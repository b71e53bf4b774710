"""Keys of every kind, and keys of every relation between units, for the matrix."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from gateway_kit import PROVINCE, SOURCE, make_key
from rig import Rig

from ioc.gateway.keys.admin import KeyAdmin, Wish
from ioc.gateway.keys.model import Right, new_text
from schemas.reference import UnitRegistry

#: Unit of a dossier -> its code. 04795 lies in the district 148; 04831 in another one; 04789 was
#: merged with others into 04828-2025.
UNITS = ("04795", "04831", "04789", "04828-2025")
#: Key -> the units that it was issued for, and those of `UNITS` that it may write and see.
KEYS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "own commune": (("04795",), {"04795"}),
    "district of it": (("148",), {"04795", "04789", "04828-2025"}),
    "foreign commune": (("04831",), {"04831"}),
    "merged commune": (("04828-2025",), {"04789", "04828-2025"}),
    "commune before": (("04789",), {"04789", "04828-2025"}),
    "department": (("25-SCT",), set()),
    "old province": (("17",), set(UNITS)),
    "province": (PROVINCE, set(UNITS)),
}
#: Keys that see a merged unit's files, but not its figures: other wards' old ones are in them.
PARTLY_THEIRS = {("commune before", "04828-2025")}


class Kind(NamedTuple):
    """One kind of key.

    Attributes:
        rights: what it opens.
        sandbox: whether it is for tests.
        text: the key; empty = none is given.
    """

    rights: frozenset[Right]
    sandbox: bool
    text: str


_ALL = frozenset(Right)
_DEAD = frozenset[Right]()
#: The kinds by name, for the tests' ids; `kinds` makes them.
KINDS = (
    "push", "lookup", "read", "all", "sandbox", "rotated, old", "rotated, new",
    "none", "no key", "unknown", "another secret", "expired", "revoked", "rotated, over",
)  # fmt: skip


def kinds(rig: Rig) -> dict[str, Kind]:
    """Make a key of every kind, of the commune 04795."""
    own: dict[str, Any] = {"units": ("04795",)}
    admin = KeyAdmin(rig.client, UnitRegistry.load(None), "en")
    now = int(time.time())

    def turned(overlap_hours: float) -> tuple[str, str]:
        made = admin.create(Wish(SOURCE, ["04795"], Right))
        return made.text, admin.rotate(made.key.key_id, overlap_hours)[0].text

    old, new = turned(1)
    over, _ = turned(0)
    whole = make_key(rig, **own)
    found = {right.value: Kind(frozenset({right}), False, make_key(rig, rights={right}, **own))
             for right in Right}  # fmt: skip
    found |= {
        "all": Kind(_ALL, False, whole),
        "sandbox": Kind(_ALL, True, make_key(rig, sandbox=True, **own)),
        "rotated, old": Kind(_ALL, False, old),
        "rotated, new": Kind(_ALL, False, new),
        "none": Kind(_DEAD, False, ""),
        "no key": Kind(_DEAD, False, "x"),
        "unknown": Kind(_DEAD, False, new_text()[1]),
        "another secret": Kind(_DEAD, False, whole[:17] + new_text()[1][17:]),
        "expired": Kind(_DEAD, False, make_key(rig, expires_at=now - 1, **own)),
        "revoked": Kind(_DEAD, False, make_key(rig, revoked_at=now - 1, **own)),
        "rotated, over": Kind(_DEAD, False, over),
    }
    assert set(found) == set(KINDS)
    return found
