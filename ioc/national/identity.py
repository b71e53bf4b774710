"""Identities of the events that messages without numbers tell.

`event_id` = status, S (snapshot) or T (progress), time; with attributes also what they are:

    02S-20240903081500-1-20240913170000-5f0c9a7b

The same fact told again has the same identity. A corrected snapshot is another event at the same
moment, and the fold takes events of one moment in the order of their ids: lower statuses first,
what was sent as an update (`isUpdating`) after what was not, a later due date after an earlier.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import orjson

_NO_DUE = "0" * 14


def progress_id(status: int, at: str) -> str:
    """Return the identity of a step of progress."""
    return f"{status:02d}T-{_digits(at)}"


def snapshot_id(status: int, at: str, said: dict[str, Any], *, updating: bool) -> str:
    """Return the identity of an event of a snapshot.

    Args:
        status: of the event.
        at: its time, ISO 8601 local.
        said: the attributes that it carries.
        updating: whether the snapshot was sent as an update.
    """
    due = said.get("supplement_due_at") or said.get("due_at")
    digest = blake2b(orjson.dumps(said, option=orjson.OPT_SORT_KEYS), digest_size=4).hexdigest()
    return "-".join(
        (
            f"{status:02d}S",
            _digits(at),
            "1" if updating else "0",
            _NO_DUE if due is None else _digits(due),
            digest,
        )
    )


def _digits(at: str) -> str:
    return "".join(c for c in at[:19] if c.isdigit())
