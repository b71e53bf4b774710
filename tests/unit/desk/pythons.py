"""The Pythons of this machine that the one-file client must run under.

A fresh machine may have one alone, so what is not here cannot be demanded; the tests' ids say which
ones they ran under, and two checks of the sources hold 3.9 on every machine.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

OLDEST_MINOR = 9
_NEEDED = "import sys, sqlite3, ssl, zlib; print(sys.version_info[1])"


@cache
def found_pythons() -> dict[int, str]:
    """Return minor version -> program, of those that are complete; always this one's own."""
    places = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    programs = [str(path) for path in sorted(places.glob("3.*/bin/python"))]
    for minor in range(OLDEST_MINOR, sys.version_info[1]):
        program = shutil.which(f"python3.{minor}")
        programs += [program] if program else []
    found = {sys.version_info[1]: sys.executable}
    for program in programs:
        said = subprocess.run(
            [program, "-I", "-c", _NEEDED], capture_output=True, text=True, timeout=60, check=False
        )
        # A shim of pyenv stands for a version that is not chosen: it fails.
        if said.returncode == 0 and int(said.stdout) >= OLDEST_MINOR:
            found.setdefault(int(said.stdout), program)
    return found


def version_name(minor: int) -> str:
    """Return what a test's id says."""
    return f"Python 3.{minor}"
