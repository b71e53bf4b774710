"""Roll-ups: what one dossier contributes, and the cells of one shard."""

from streams.cells.contribution import NOTHING, Contribution, contribute
from streams.cells.shard_cells import ShardCells
from streams.cells.tables import CELL_TABLES, MEASURES, CellTable

__all__ = [
    "CELL_TABLES",
    "MEASURES",
    "NOTHING",
    "CellTable",
    "Contribution",
    "ShardCells",
    "contribute",
]
