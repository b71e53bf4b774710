"""The keys that a gateway knows: verified in memory, in constant time."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date

from ioc.gateway.keys.caller import Caller
from ioc.gateway.keys.model import Key, hash_of, key_id_of
from ioc.gateway.keys.scope import covered_codes
from schemas.calendar.local_time import date_of_day, local_day
from schemas.reference import UnitRegistry


class KeyRing:
    """All keys as of the last reading; `replace` brings newer ones. Not thread-safe."""

    def __init__(self, units: UnitRegistry) -> None:
        self._units = units
        self._keys: dict[str, Key] = {}
        self._callers: dict[tuple[str, int, date], tuple[frozenset[str], bool]] = {}
        self.is_loaded = False

    def replace(self, keys: Iterable[Key]) -> None:
        """Forget the keys and know these instead."""
        self._keys = {key.key_id: key for key in keys}
        known = {(key.key_id, key.version) for key in self._keys.values()}
        self._callers = {place: of for place, of in self._callers.items() if place[:2] in known}
        self.is_loaded = True

    def verify(self, text: str, now: int) -> Key | None:
        """Return the key whose text this is, if it works at this epoch second.

        The comparison takes the same time wherever two texts differ; the id in front of the
        secret is public.
        """
        key_id = key_id_of(text)
        key = None if key_id is None else self._keys.get(key_id)
        given = hash_of(text)
        is_right = hmac.compare_digest(given, given if key is None else key.secret_hash)
        return key if key is not None and is_right and key.works(now) else None

    def caller(self, key: Key, address: str, now: int) -> Caller:
        """Return who calls; the codes that a key covers are worked out once a day."""
        day = date_of_day(local_day(now))
        place = (key.key_id, key.version, day)
        known = self._callers.get(place)
        if known is None:
            codes = covered_codes(key.units, self._units, day)
            covers_all = all(unit.code in codes for unit in self._units.at(day))
            known = self._callers[place] = (codes, covers_all)
        return Caller(
            key.key_id, key.source, key.rights, known[0], key.units, known[1], key.sandbox, address
        )
