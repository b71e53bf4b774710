"""What the pipeline may decide, as numbers; its state machines are elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.settings import WorkerSettings

#: In those of a linger that does make a flood.
_FLOOD_LINGERS = 8


@dataclass(frozen=True)
class PipelinePolicy:
    """Limits and waits of the pipeline; the sentences are in `WorkerSettings`."""

    linger_seconds: float = 0.05
    flood_linger_seconds: float = 3.0
    flood_events: int = 250
    group_max_events: int = 64_000
    whole_group_seconds: float = 1.0
    refresh_seconds: float = 0.3
    refresh_rest: float = 15.0
    refresh_look_seconds: float = 60.0
    retry_min_seconds: float = 0.1
    retry_max_seconds: float = 10.0
    closed_kept: int = 2_000
    due_soon_working_seconds: int = 8 * 3600
    digest_after_seconds: int = 24 * 3600
    catch_up_wait_seconds: float = 600.0
    silence_after_seconds: float = 8 * 3600
    behind_after_seconds: float = 3600.0
    source_wait_seconds: float = 24 * 3600

    @property
    def flood_backlog(self) -> int:
        """Events that wait only in a flood: more than come in a stumble of a second in peace."""
        return _FLOOD_LINGERS * self.flood_events

    @classmethod
    def of(cls, settings: WorkerSettings) -> PipelinePolicy:
        """Take the policy out of the settings."""
        return cls(**{name: getattr(settings, name) for name in cls.__dataclass_fields__})
