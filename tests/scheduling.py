"""Which tests go to one process together, where several run: those of a file, or of a folder."""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling

#: Folders whose files share engines, or wait for each other's minute to pass.
TOGETHER = ("tests/e2e/door/",)


class FilesAndFolders(LoadFileScheduling):
    """As `--dist loadfile`, with some folders as if they were one file."""

    def _split_scope(self, nodeid: str) -> str:
        for folder in TOGETHER:
            if nodeid.startswith(folder):
                return folder
        return super()._split_scope(nodeid)
