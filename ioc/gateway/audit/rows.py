"""The rows that the gateway writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple


class UsePlace(NamedTuple):
    """Whose use it is."""

    minute: int
    key_id: str
    source: str
    route: str


@dataclass(slots=True)
class UseSums:
    """What came in a minute."""

    requests: int = 0
    refused: int = 0
    bytes: int = 0
    accepted: int = 0
    duplicate: int = 0
    rejected: int = 0
    unsaved: int = 0


class RefusalPlace(NamedTuple):
    """Which refusals are counted together."""

    minute: int
    key_id: str
    address: str
    route: str
    status: int
    code: str


class Reject(NamedTuple):
    """A rejected event as it is kept."""

    at_ms: int
    source: str
    key_id: str
    sandbox: bool
    route: str
    request_id: str
    item_index: int
    code: str
    field: str
    value: str
    event_id: str
    dossier_id: str
    item: str


class Skew(NamedTuple):
    """The newest measurement of a sender's clock."""

    source: str
    key_id: str
    at_ms: int
    skew_ms: int
    method: str


@dataclass(slots=True)
class Page:
    """What is to be stored at one time."""

    use: dict[UsePlace, UseSums] = field(default_factory=dict)
    refusals: dict[RefusalPlace, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    skews: list[Skew] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to store."""
        return not (self.use or self.refusals or self.rejects or self.skews)
