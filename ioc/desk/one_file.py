"""Builds the one-file client: `ioc-desk.pyz`, for machines that have Python and nothing else."""

from __future__ import annotations

import zipapp
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory

_ROOT = Path(__file__).parents[2]
#: All that goes into the file, relative to the root of the project.
_FOLDERS = ("ioc/desk/client",)
_FILES = (
    "ioc/__init__.py",
    "ioc/desk/__init__.py",
    "ioc/national/__init__.py",
    "ioc/national/field_names.py",
    "schemas/__init__.py",
    "schemas/desk_help.py",
    "schemas/desk_texts.py",
    "schemas/messages.py",
)


def one_file_sources() -> list[Path]:
    """Return every module that goes into the file."""
    found = [path for folder in _FOLDERS for path in sorted((_ROOT / folder).glob("*.py"))]
    return found + [_ROOT / name for name in _FILES]


def build_one_file(target: Path) -> Path:
    """Write the client into one file and return its path.

    `python ioc-desk.pyz --help` runs it; a program that has it on `sys.path` imports
    `ioc.desk.client` from it.
    """
    with TemporaryDirectory() as folder:
        for source in one_file_sources():
            copy = Path(folder) / source.relative_to(_ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copyfile(source, copy)
        zipapp.create_archive(
            folder,
            target,
            interpreter="/usr/bin/env python3",
            main="ioc.desk.client.__main__:start",
            compressed=True,
        )
    return target
