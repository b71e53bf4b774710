"""Whether a directory has the attribute that `chattr +T` gives."""

from __future__ import annotations

import fcntl
import os
import sys
from pathlib import Path

from ioc.embedded.clickhouse.spread_parts import GET_FLAGS, TOP_OF_HIERARCHY


def is_marked(directory: Path) -> bool:
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        flags = fcntl.ioctl(descriptor, GET_FLAGS, bytes(4))
    except OSError:
        return False  # a file system without attributes
    finally:
        os.close(descriptor)
    return bool(int.from_bytes(flags, sys.byteorder) & TOP_OF_HIERARCHY)
