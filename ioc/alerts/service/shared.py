"""What the parts of one turn have in common."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.planning import Planner
from ioc.alerts.store.warehouse import Warehouse

Retrying = Callable[[Callable[[], Awaitable[None]]], Awaitable[None]]


@dataclass
class Shared:
    """The board and its surroundings.

    Everything runs on one event loop; whoever reads or changes the board holds the lock, and
    waits for nothing meanwhile but the plan.

    Attributes:
        planner: rules and people.
        warehouse: where everything is kept.
        now_ms: the clock, epoch milliseconds.
        retrying: repeats a call while ClickHouse is away.
    """

    planner: Planner
    warehouse: Warehouse
    now_ms: Callable[[], int]
    retrying: Retrying
    board: Board = field(default_factory=Board)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def now(self) -> int:
        """The clock in epoch seconds."""
        return self.now_ms() // 1000
