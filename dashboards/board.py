"""A board: panels that are looked at together, and what an onlooker may vary."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dashboards.panel import Panel
from schemas.messages import Message


class Variable(StrEnum):
    """What an address may say; the same names in both renderers.

    An empty value (channel: 0) means "no restriction". `UNIT` stands for the unit and everything
    below it in the hierarchy of the day.
    """

    PERIOD = "period"
    UNIT = "unit"
    LEVEL = "level"
    FIELD = "field"
    CHANNEL = "channel"
    DOSSIER = "dossier"


@dataclass(frozen=True, slots=True)
class Board:
    """One board.

    Attributes:
        id: stable; part of addresses, of Grafana's uid and of tests.
        panels: in reading order; their places do not overlap.
        variables: which of them it knows.
        signed_in: whether only people who signed in may open it.
    """

    id: str
    title: Message
    definition: Message
    panels: tuple[Panel, ...]
    variables: tuple[Variable, ...] = (Variable.PERIOD,)
    signed_in: bool = False

    @property
    def queries(self) -> tuple[str, ...]:
        """Names of the SQL files that it needs, each once, in order."""
        return tuple(dict.fromkeys(panel.sql for panel in self.panels))
