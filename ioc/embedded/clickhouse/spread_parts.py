"""Lets ext4 spread the tables' parts over the disk, which makes a small insert half as dear.

ext4 gives no inode away again for one to five minutes after its file was deleted
(`recently_deleted` in `fs/ext4/ialloc.c`): it looks at each such inode of the block group and goes
on. Every insert and every merge makes a directory of some ten files, and merges delete as many soon
after, all of them in the group of the table's directory. With forty inserts a second a new file
passes tens of thousands of such inodes, and an insert of one row spends half of its time in the
kernel.

A directory with the attribute "top of directory hierarchies" (`chattr +T`) has its subdirectories
put where there are fewest, so the deleted ones lie in all groups. Other file systems know no such
attribute, and need none.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import struct
import time
from pathlib import Path

#: `FS_IOC_GETFLAGS`, `FS_IOC_SETFLAGS` and `FS_TOPDIR_FL` of `linux/fs.h`, on 64-bit machines.
GET_FLAGS, _SET_FLAGS, TOP_OF_HIERARCHY = 0x8008_6601, 0x4008_6602, 0x0002_0000
#: An int whatever the numbers above say of their argument.
_FLAGS = struct.Struct("=I")
_EVERY_SECONDS = 1.0
#: File systems tell the times of changes to some milliseconds only: a later one may have the same.
_SURE_NS = 1_000_000_000


async def keep_parts_spread(folder: Path) -> None:
    """Mark the directory of every table of a data folder, of new ones too.

    Returns only where the file system does not know the attribute.
    """
    seen: dict[Path, int] = {}
    is_known = True
    while is_known:
        is_known = await asyncio.to_thread(spread_new_tables, folder, seen)
        await asyncio.sleep(_EVERY_SECONDS)


def spread_new_tables(folder: Path, seen: dict[Path, int]) -> bool:
    """Mark the directories of tables that are new since the last call.

    Args:
        folder: data folder of the engine; tables lie two levels below its `store`.
        seen: when each directory above tables was changed last; kept from call to call.

    Returns:
        False if the file system does not know the attribute.
    """
    store = folder / "store"
    for above in store.iterdir() if store.is_dir() else ():
        try:
            changed = above.stat().st_mtime_ns
            if seen.get(above) == changed:
                continue
            for table in above.iterdir():
                if not _mark(table):
                    return False
        except (FileNotFoundError, NotADirectoryError):
            continue  # just dropped, or nothing of the engine's
        if time.time_ns() - changed > _SURE_NS:
            seen[above] = changed
    return True


def _mark(table: Path) -> bool:
    descriptor = os.open(table, os.O_RDONLY | os.O_DIRECTORY)
    try:
        (flags,) = _FLAGS.unpack(fcntl.ioctl(descriptor, GET_FLAGS, _FLAGS.pack(0)))
        if not flags & TOP_OF_HIERARCHY:
            fcntl.ioctl(descriptor, _SET_FLAGS, _FLAGS.pack(flags | TOP_OF_HIERARCHY))
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True
