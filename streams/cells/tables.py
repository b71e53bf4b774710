"""Layout of the cell tables: key columns and measures, as in the migrations."""

from __future__ import annotations

from dataclasses import dataclass

#: Measures of `dossier_days`; their index is part of a contribution.
MEASURES: tuple[str, ...] = (
    "registered",
    "received",
    "receipt_late",
    "refused",
    "withdrawn",
    "stopped",
    "closed_unreceived",
    "early",
    "on_time",
    "late",
    "no_due",
    "returned",
    "uncollected",
    "due",
    "due_met",
)
REGISTERED, RECEIVED, RECEIPT_LATE, REFUSED, WITHDRAWN, STOPPED, CLOSED_UNRECEIVED = range(7)
EARLY, ON_TIME, LATE, NO_DUE, RETURNED, UNCOLLECTED, DUE, DUE_MET = range(7, 15)

LEG_MEASURES: tuple[str, ...] = ("started", "on_time", "late", "no_due")


@dataclass(frozen=True)
class CellTable:
    """One roll-up table.

    Attributes:
        name: table name.
        keys: key columns after `shard`, in the order of the cell's key tuple.
        measures: value columns, each a count.
        gathered: whether one row holds all cells of its first key part: what remains of the keys
            and the measures are arrays then, and cells of zero are in none of them.
    """

    name: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    gathered: bool = False

    @property
    def row_keys(self) -> tuple[str, ...]:
        """The key columns that name a row, after `shard`."""
        return self.keys[:1] if self.gathered else self.keys

    @property
    def arrays(self) -> tuple[str, ...]:
        """The parallel array columns of a gathered table; none of another."""
        return (*self.keys[1:], *self.measures) if self.gathered else ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns in insert order."""
        return ("shard", *self.row_keys, "version", *(self.arrays or self.measures))


_DIMENSIONS = ("receiver", "authority", "handler", "field", "channel")

DOSSIER_DAYS = CellTable("dossier_days", ("day", *_DIMENSIONS), MEASURES)
PROVINCE_DAYS = CellTable("province_days", ("day",), (*MEASURES, "received_online"))
OPEN_DOSSIERS = CellTable(
    "open_dossiers",
    (
        *("authority", "receiver", "handler", "field", "channel"),
        *("phase", "apologised", "alarm_minute"),
    ),
    ("n",),
    gathered=True,
)
NATIONAL_DAYS = CellTable(
    "national_days", ("receiver", "authority", "handler", "received_day", "late_from"), ("n",)
)
LEG_DAYS = CellTable("leg_days", ("day", "unit", "field"), LEG_MEASURES)
OPEN_LEGS = CellTable("open_legs", ("unit", "field", "alarm_minute"), ("n",))

#: In write order; the index is the cell's table number.
CELL_TABLES: tuple[CellTable, ...] = (
    DOSSIER_DAYS,
    PROVINCE_DAYS,
    OPEN_DOSSIERS,
    NATIONAL_DAYS,
    LEG_DAYS,
    OPEN_LEGS,
)
