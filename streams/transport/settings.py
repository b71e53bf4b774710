"""What a Faust app must be told so that chunked delivery is safe and quick.

Checked against Faust 0.15.3 and aiokafka 0.14; every value has a reason, and the tests of
the transport run with exactly these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mode import CrashingSupervisor

MAX_RECORDS: Final = 4_000
"""Default bound of a chunk's records; an app sets ``chunk_max_records`` to change it."""

MAX_BYTES: Final = 4 * 1024 * 1024
"""Default bound of a chunk's keys and values; an app sets ``chunk_max_bytes``."""

MAX_OUTSTANDING: Final = 8
"""Default bound of unfinished chunks for each partition; an app sets ``chunk_max_outstanding``.

Fetching from a partition pauses at this many; one with at most a 16th part of the records and
bytes that a chunk may have counts as a 16th. An agent that collects chunks of one partition
before it acknowledges any must collect fewer than this, or stop collecting after a time.
"""

FETCH_MAX_WAIT_MILLISECONDS: Final = 200
"""How long the broker may hold a fetch that finds nothing.

Faust has 1500 ms fixed. A fetch in flight does not name the partitions whose records still
wait in the process, and aiokafka has one in flight for each broker: a busy partition beside
idle ones then stood still for as long as this.
"""

FEW_RECORDS: Final = 64
"""A fetch that brought fewer than this, though some, is followed by one that gathers."""

GATHER_BYTES: Final = 128 * 1024
GATHER_MILLISECONDS: Final = 25
"""How much such a fetch waits for, and how long.

500 events a second that come one by one made as many fetches and chunks as events: half a core of
the broker's, and as much again of the worker's. In a flood the same wait costs a seventh of the
rate, and after a silence it would only delay the first event; so neither has it.
"""

WORKER_SETTINGS: Final[Mapping[str, Any]] = MappingProxyType(
    {
        # A member that dies is noticed after the session, one that joins waits for the
        # slowest member's rebalance; the request time-out must not be shorter than either.
        "broker_session_timeout": 6.0,
        "broker_heartbeat_interval": 2.0,
        "broker_rebalance_timeout": 6.0,
        "broker_request_timeout": 10.0,
        # Nothing is fetched while millions of dossiers are loaded. A loop that stands still is
        # found by the zombie guard, a partition that does by its health.
        "broker_max_poll_interval": 6 * 3600.0,
        "broker_commit_interval": 0.5,
        # Waiting for unfinished work would hold a revocation behind a slow store until the
        # member is thrown out of its group; spans make that wait unnecessary.
        "stream_wait_empty": False,
        # With the default supervisor an exception skips the chunk in silence, the commit
        # stands still and the process lives on.
        "agent_supervisor": CrashingSupervisor,
        "consumer_auto_offset_reset": "earliest",
        # A chunk is made of one fetch of one partition: a small one makes small chunks.
        "consumer_max_fetch_size": 4 << 20,
        # Added partitions are seen within this time; Faust's five minutes leave them unread.
        "consumer_metadata_max_age_ms": 5_000,
        "producer_metadata_max_age_ms": 5_000,
        # Topics belong to the operator, not to whichever worker starts first.
        "topic_allow_declare": False,
        "topic_disable_leader": True,
        "producer_acks": -1,
        "producer_linger_ms": 5,
        "web_enabled": False,
        "worker_redirect_stdouts": False,
    }
)
"""Settings for ``faust.App(..., **WORKER_SETTINGS)``, beside id, broker and data folder.

How to run the app: ``faust.worker.Worker(app).execute_from_commandline()`` as the main thread
of a process of its own. It installs the signal handlers, ends with 0 on SIGTERM and with 1
when an agent, a service or the consumer's thread fails, within a second, or within five when
the broker hangs. ``await app.start()`` in a loop of one's own serves tests; nothing there
turns a failure into an exit code.

What the app must do:

* Load the state of its partitions in an ``on_rebalance_complete`` handler. Faust seeks and
  lets chunks flow only after it returns; it does not wait for ``on_partitions_assigned``. A
  second rebalance can begin meanwhile, so compare ``chunk.span.generation`` with the one that
  the state was loaded for, and load again (behind a lock for each partition) if it differs.
* Finish and acknowledge what is being stored in an ``on_partitions_revoked`` handler, within
  half of the rebalance time-out, and in ``on_before_shutdown``. No new chunk arrives while
  they run, and what they acknowledge is committed after them. Then drop the state.
* Write nothing more for a span whose ``dropped`` is true: another worker may own it now.
"""
