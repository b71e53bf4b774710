"""State of the shards that this worker holds: dossiers in memory, known ids, timers."""

from streams.state.dossier import Dossier
from streams.state.known_ids import KnownIds
from streams.state.shard import ShardState

__all__ = ["Dossier", "KnownIds", "ShardState"]
