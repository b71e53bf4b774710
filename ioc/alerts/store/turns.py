"""Turns: which process delivers. The one with the largest number; all others stop."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from ioc.alerts.store.warehouse import Warehouse
from schemas.errors import ZombieError

#: Ties are of two that start together: one of them has just lost the partition, and stops trying.
_TRIES = 6
_LONGEST_REST_SECONDS = 0.5


class Turn:
    """The right to deliver, taken by writing the next number.

    Kafka decides who may take a turn (whoever has partition 0 of the alerts topic). The number is
    the fence against somebody who has lost it and does not know yet: every look at the table
    tells them, and what they still write has a smaller version than any row of the newer turn.
    """

    def __init__(self, warehouse: Warehouse, owner: str) -> None:
        self._warehouse = warehouse
        self._owner = owner
        self.number = 0

    async def take(self) -> int:
        """Take the next turn; return its number.

        A number that another process took at the same instant is nobody's: the next one decides.

        Raises:
            ZombieError: somebody has a newer one, or took the same ones again and again.
            RetryError: ClickHouse is away.
        """
        for _ in range(_TRIES):
            newest, _ = await self._newest()
            self.number = newest + 1
            row: dict[str, list[Any]] = {"turn": [self.number], "owner": [self._owner]}
            await self._warehouse.insert("alert_turns", row)
            newest, owners = await self._newest()
            if newest != self.number or owners == [self._owner]:
                break
            # Not both at the same time again.
            await asyncio.sleep(random.uniform(0.0, _LONGEST_REST_SECONDS))  # noqa: S311
        await self.check()
        return self.number

    async def check(self) -> None:
        """Raise `ZombieError` unless the newest turn is this one's."""
        newest, owners = await self._newest()
        if newest != self.number or owners != [self._owner]:
            raise ZombieError(f"turn {self.number} is over: {newest} delivers now")

    async def first_ms(self) -> int:
        """Return when the first turn of all was taken, epoch milliseconds."""
        (row,) = await self._warehouse.rows("first_turn")
        return int(row[0])

    async def _newest(self) -> tuple[int, list[str]]:
        rows = await self._warehouse.short("newest_turn")
        return (int(rows[0][0]), sorted(rows[0][1])) if rows else (0, [])
