"""The cells of one shard: absolute counts, and which of them changed since the last snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from streams.cells.contribution import NOTHING, Contribution, Dimensions, OpenKey
from streams.cells.tables import CELL_TABLES, LEG_MEASURES, MEASURES, RECEIVED

_DAYS, _PROVINCE, _OPEN, _NATIONAL, _LEG_DAYS, _OPEN_LEGS = range(6)
_ONLINE = len(MEASURES)
_N = len(MEASURES)

Key = tuple[int | str, ...]


class ShardCells:
    """Counts of one shard by table and key.

    Not thread-safe; nothing here blocks. A cell that was ever non-zero stays in memory as long
    as the shard does, so that its emptiness is written as zeros and an old row cannot win.

    The days of `dossier_days` lie under their other key parts: a dossier's ones differ in the
    day only, so one look-up of five texts finds them all.

    The cells of `open_dossiers` lie under their authority, whose row holds them all. A cell that
    becomes empty is forgotten: minutes pass, zeros would pile up. Its authority is not, so that
    an empty row is written when the last cell is gone.
    """

    __slots__ = (
        "_days",
        "_days_dirty",
        "_dirty",
        "_open",
        "_open_dirty",
        "_province_changes",
        "_tables",
    )

    def __init__(self) -> None:
        self._days: dict[Dimensions, dict[int, list[int]]] = {}
        self._days_dirty: dict[Dimensions, set[int]] = {}
        # What `province_days` lacks yet, by `day << 4 | measure`: a hundred changes of one cell are
        # one when somebody looks.
        self._province_changes: dict[int, int] = {}
        self._open: dict[str, dict[OpenKey, int]] = {}
        self._open_dirty: set[str] = set()
        # By table number; those of dossier_days and open_dossiers stay empty.
        self._tables: list[dict[Key, list[int]]] = [{} for _ in CELL_TABLES]
        self._dirty: list[set[Key]] = [set() for _ in CELL_TABLES]

    def load(self, table: int, key: Key, counts: list[int]) -> None:
        """Put a stored cell; it is not dirty.

        A cell of `open_dossiers` without a count says that its authority has a row; the rest of
        its key is not looked at.
        """
        if table == _DAYS:
            day, *dimensions = key
            self._days.setdefault(tuple(dimensions), {})[day] = counts  # type: ignore[arg-type, index]
        elif table == _OPEN:
            cells = self._open.setdefault(key[0], {})  # type: ignore[arg-type]
            if counts[0]:
                cells[key] = counts[0]  # type: ignore[index]
        else:
            self._tables[table][key] = counts

    def replace(self, old: Contribution, new: Contribution) -> None:
        """Take a dossier's old ones away and add its new ones."""
        if old.dimensions == new.dimensions:
            if old.days != new.days:
                before, after = old.days, new.days
                gone = [code for code in before if code not in after]
                if gone:
                    self._count_days(old.dimensions, gone, -1)
                come = [code for code in after if code not in before]
                if come:
                    self._count_days(new.dimensions, come, 1)
        else:
            self._count_days(old.dimensions, old.days, -1)
            self._count_days(new.dimensions, new.days, 1)
        if old.open != new.open:
            if old.open is not None:
                self._count_open(old.open, -1)
            if new.open is not None:
                self._count_open(new.open, 1)
        if old.national != new.national:
            if old.national is not None:
                self._count(_NATIONAL, old.national, -1)
            if new.national is not None:
                self._count(_NATIONAL, new.national, 1)
        if old.leg_days != new.leg_days:
            for leg in old.leg_days:
                self._count(_LEG_DAYS, leg[:3], -1, leg[3], len(LEG_MEASURES))
            for leg in new.leg_days:
                self._count(_LEG_DAYS, leg[:3], 1, leg[3], len(LEG_MEASURES))
        if old.open_legs != new.open_legs:
            for waiting in old.open_legs:
                self._count(_OPEN_LEGS, waiting, -1)
            for waiting in new.open_legs:
                self._count(_OPEN_LEGS, waiting, 1)

    def add(self, new: Contribution) -> None:
        """Add a dossier's ones (a rebuild)."""
        self.replace(NOTHING, new)

    def clear_counts(self) -> None:
        """Set every cell to zero and mark it dirty (the start of a rebuild)."""
        self._count_province()
        for dimensions, days in self._days.items():
            for day in days:
                days[day] = [0] * _N
            self._days_dirty.setdefault(dimensions, set()).update(days)
        for cells_of_authority in self._open.values():
            cells_of_authority.clear()
        self._open_dirty.update(self._open)
        for number, cells in enumerate(self._tables):
            for key, counts in cells.items():
                cells[key] = [0] * len(counts)
            self._dirty[number].update(cells)

    def take_dirty(self, table: int) -> list[tuple[Key, list[int]]]:
        """Return the changed cells with their present counts, and forget that they changed.

        The lists of counts are the live ones: copy them before the next event is folded. For
        `open_dossiers` there is `take_open`.
        """
        if table == _DAYS:
            dirty, self._days_dirty = self._days_dirty, {}
            return [
                ((day, *dimensions), self._days[dimensions][day])
                for dimensions, days in dirty.items()
                for day in days
            ]
        if table == _PROVINCE:
            self._count_province()
        keys = self._dirty[table]
        if not keys:
            return []
        self._dirty[table] = set()
        cells = self._tables[table]
        return [(key, cells[key]) for key in keys]

    def take_open(self) -> list[tuple[str, dict[OpenKey, int]]]:
        """Return each authority in whose open dossiers anything changed, and forget that it did.

        With all its cells, whose counts are above zero, or none. They are the live ones: copy
        them before the next event is folded.
        """
        dirty, self._open_dirty = self._open_dirty, set()
        cells = self._open
        return [(authority, cells[authority]) for authority in dirty]

    def is_dirty(self) -> bool:
        """Whether any cell changed since the last `take_dirty` and `take_open`."""
        changes = self._days_dirty or self._open_dirty or self._province_changes
        return bool(changes) or any(self._dirty)

    def items(self, table: int) -> Iterator[tuple[Key, list[int]]]:
        """Yield every cell of a table, zeros included; `load` takes them.

        An authority without open dossiers is one cell of zero, its key the authority alone.
        """
        if table == _DAYS:
            for dimensions, days in self._days.items():
                for day, counts in days.items():
                    yield (day, *dimensions), counts
        elif table == _OPEN:
            for authority, cells in self._open.items():
                if not cells:
                    yield (authority,), [0]
                for key, n in cells.items():
                    yield key, [n]
        else:
            if table == _PROVINCE:
                self._count_province()
            yield from self._tables[table].items()

    def _count_days(self, dimensions: Dimensions, codes: Iterable[int], by: int) -> None:
        cells = self._days.get(dimensions)
        if cells is None:
            cells = self._days[dimensions] = {}
        dirty = self._days_dirty.get(dimensions)
        if dirty is None:
            dirty = self._days_dirty[dimensions] = set()
        changes = self._province_changes
        is_online = dimensions[4] == 2
        for code in codes:
            day, measure = code >> 4, code & 15
            counts = cells.get(day)
            if counts is None:
                counts = cells[day] = [0] * _N
            counts[measure] += by
            dirty.add(day)
            changes[code] = changes.get(code, 0) + by
            if is_online and measure == RECEIVED:
                online = code & ~15 | _ONLINE
                changes[online] = changes.get(online, 0) + by

    def _count_province(self) -> None:
        changes, self._province_changes = self._province_changes, {}
        cells, dirty = self._tables[_PROVINCE], self._dirty[_PROVINCE]
        for code, by in changes.items():
            key = (code >> 4,)
            counts = cells.get(key)
            if counts is None:
                counts = cells[key] = [0] * (_N + 1)
            counts[code & 15] += by
            dirty.add(key)

    def _count_open(self, key: OpenKey, by: int) -> None:
        authority = key[0]
        cells = self._open.get(authority)
        if cells is None:
            cells = self._open[authority] = {}
        n = cells.get(key, 0) + by
        if n:
            cells[key] = n
        else:
            del cells[key]
        self._open_dirty.add(authority)

    def _count(self, table: int, key: Key, by: int, measure: int = 0, width: int = 1) -> None:
        cells = self._tables[table]
        counts = cells.get(key)
        if counts is None:
            counts = cells[key] = [0] * width
        counts[measure] += by
        self._dirty[table].add(key)
