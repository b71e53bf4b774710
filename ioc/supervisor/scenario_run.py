"""The scenario that `ioc up` replays once, in a process of its own."""

from __future__ import annotations

import asyncio

from ioc.embedded.process import EngineProcess
from ioc.lag import consumer_lag
from ioc.supervisor.child_part import describe_exit
from ioc.supervisor.plan import Plan
from ioc.supervisor.view import View
from schemas.errors import FatalError
from schemas.messages import Text
from schemas.settings import KafkaSettings

_POLL_SECONDS = 0.2
_LAG_POLL_SECONDS = 0.5
_STOP_SECONDS = 10


class ScenarioRun:
    """Starts the replay and waits for its end; it is not started again when it fails."""

    def __init__(self, plan: Plan, view: View) -> None:
        self._plan = plan
        self._view = view
        self._process: EngineProcess | None = None

    async def run(self) -> None:
        """Return when all events are sent and, under `--once`, stored.

        Raises:
            FatalError: the replay failed under `--once`; otherwise that is only said, because
                the system itself is well.
        """
        name, log = self._plan.options.scenario, self._plan.folder.logs / "scenario.log"
        self._process = EngineProcess(
            name, self._plan.scenario_command(), log=log, environment=self._plan.child_environment()
        )
        self._view.line(Text.SCENARIO_STARTED, name=name, log=log)
        while self._process.alive:  # noqa: ASYNC110 - the end of a process is no event
            await asyncio.sleep(_POLL_SECONDS)
        if self._process.exit_code != 0:
            reason = describe_exit(self._process.exit_code)
            if self._plan.options.once:
                raise FatalError(
                    Text.SCENARIO_FAILED.in_language(
                        self._plan.options.language, name=name, reason=reason, log=log
                    )
                )
            self._view.line(Text.SCENARIO_FAILED, "red", name=name, reason=reason, log=log)
            return
        self._view.line(Text.SCENARIO_DONE, "green", name=name)
        if self._plan.options.once:
            settings, _ = self._plan.settings()
            while await asyncio.to_thread(_behind, settings):  # noqa: ASYNC110 - nor is a lag
                await asyncio.sleep(_LAG_POLL_SECONDS)

    async def stop(self) -> None:
        """End a replay that is still under way."""
        if self._process is not None and self._process.alive:
            await asyncio.to_thread(self._process.stop, _STOP_SECONDS)


def _behind(settings: KafkaSettings) -> bool:
    return any(partition.lag for partition in consumer_lag(settings))
