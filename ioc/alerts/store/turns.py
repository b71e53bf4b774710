"""Turns: which process delivers. The one with the largest number; all others stop."""

from __future__ import annotations

from ioc.alerts.store.warehouse import Warehouse
from schemas.errors import ZombieError


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

        Raises:
            ZombieError: somebody else took one at the same instant: start again.
            RetryError: ClickHouse is away.
        """
        newest, _ = await self._newest()
        number = newest + 1
        await self._warehouse.insert("alert_turns", {"turn": [number], "owner": [self._owner]})
        self.number = number
        await self.check()
        return number

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
        rows = await self._warehouse.rows("newest_turn")
        return (int(rows[0][0]), sorted(rows[0][1])) if rows else (0, [])
