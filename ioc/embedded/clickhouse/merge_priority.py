"""Lets merges wait for queries: on two cores they would take a third of one from the walls.

A real server has settings for it; of the engine inside a process only the threads' names are known.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

_TASKS = Path("/proc/self/task")
_MERGES = "MergeMutate"
#: A tenth of the share of a thread with niceness 0, and all of what nobody else wants.
_NICENESS = 10
_EVERY_SECONDS = 5.0


async def keep_merges_behind() -> None:
    """Lower the priority of every merging thread of this process, new ones too; never returns."""
    seen: set[int] = set()
    while True:
        seen = await asyncio.to_thread(lower_merges, seen)
        await asyncio.sleep(_EVERY_SECONDS)


def lower_merges(seen: set[int]) -> set[int]:
    """Lower the merging threads that were not there before; return all that are there now."""
    there: set[int] = set()
    for task in _TASKS.iterdir() if _TASKS.is_dir() else ():  # Linux has them
        thread = int(task.name)
        try:
            if (task / "comm").read_text().strip() != _MERGES:
                continue
            if thread not in seen:
                os.setpriority(os.PRIO_PROCESS, thread, _NICENESS)
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        there.add(thread)
    return there
