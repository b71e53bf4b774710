"""Directories of tables on whatever file system the tests run on."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from directory_marks import is_marked

from ioc.embedded.clickhouse.spread_parts import spread_new_tables


def test_new_tables_are_marked_where_the_file_system_knows_how(tmp_path: Path):
    seen: dict[Path, int] = {}
    assert spread_new_tables(tmp_path, seen)  # no table yet
    tables = [tmp_path / "store" / name for name in ("0a1/0a1-one", "0a1/0a1-two", "fff/fff-one")]
    for table in tables:
        (table / "all_1_1_0").mkdir(parents=True)
    is_known = spread_new_tables(tmp_path, seen)
    assert [is_marked(table) for table in tables] == 3 * [is_known]
    assert not is_marked(tables[0].parent)
    assert not is_marked(tables[0] / "all_1_1_0")
    shutil.rmtree(tables[2].parent)
    # One more in the same tick of the file system's clock, and a file that is nobody's.
    changed = tables[0].parent.stat().st_mtime_ns
    late = tables[0].parent / "0a1-late"
    late.mkdir()
    os.utime(tables[0].parent, ns=(changed, changed))
    (tmp_path / "store" / "nobody").touch()
    assert spread_new_tables(tmp_path, seen) == is_known
    assert is_marked(late) == is_known
    if is_known:
        old = changed - 10_000_000_000
        os.utime(tables[0].parent, ns=(old, old))
        spread_new_tables(tmp_path, seen)
        assert seen[tables[0].parent] == old


def test_a_file_system_without_the_attribute_is_left_alone():
    """Memory is one on every Linux."""
    folder = Path("/dev/shm") / f"spread-{os.getpid()}"  # noqa: S108 - nothing secret
    (folder / "store" / "0a1" / "0a1-one").mkdir(parents=True)
    try:
        assert not spread_new_tables(folder, {})
    finally:
        shutil.rmtree(folder)
