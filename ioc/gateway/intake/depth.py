"""How deep an event is nested, found out without building it."""

from __future__ import annotations

import re

# Whole strings at once, so that brackets inside of them do not count.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def is_deeper(item: bytes, limit: int) -> bool:
    """Whether objects and arrays of a JSON text are nested more than `limit` times."""
    if item.count(b"{") + item.count(b"[") <= limit:
        return False
    depth = 0
    for match in _MARKS.finditer(item):
        mark = match[0]
        if mark in (b"{", b"["):
            depth += 1
            if depth > limit:
                return True
        elif mark in (b"}", b"]"):
            depth -= 1
    return False
