"""Who makes a request, and what that key may do."""

from __future__ import annotations

from typing import NamedTuple

from ioc.gateway.keys.model import Right


class Caller(NamedTuple):
    """The holder of a verified key.

    Attributes:
        key_id: public name of the key.
        source: the only source that its events may have.
        rights: what it may do.
        unit_codes: every unit code that it covers; see `covered_codes`.
        scope: the codes that it was issued for.
        covers_province: whether it covers every unit of today.
        is_sandbox: whether its events never reach the figures.
        address: where the request comes from, behind trusted proxies.
    """

    key_id: str
    source: str
    rights: frozenset[Right]
    unit_codes: frozenset[str]
    scope: tuple[str, ...]
    covers_province: bool
    is_sandbox: bool
    address: str

    def may_use(self, unit_code: str) -> bool:
        """Whether it may write for a unit and read what is the unit's."""
        return unit_code in self.unit_codes
