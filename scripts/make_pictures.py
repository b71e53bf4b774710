"""Takes the pictures of the README: a seeded province, every board; run by `make pictures`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.wall_place import running_wall
from ioc.wall import accounts, picture

IMAGES = Path(__file__).parents[1] / "docs" / "images"
NAME, PASSWORD = "truc-ban", "only-for-the-pictures"
_DOSSIERS = 200_000
_BOARDS = "province-detail,unit,leaders,pipeline"
#: Who sends; the seed has sources of plain numbers.
_SOURCES = """
    INSERT INTO sources (source, shard, last_log_at, last_occurred_at)
    SELECT arrayJoin(['mot-cua-hoa-binh', 'mot-cua-phu-tho', 'mot-cua-vinh-phuc', 'cong-dvc-tinh']),
        0, now64(3) - 2, now64(3) - 31
"""


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ioc-pictures-") as name:
        folder = Path(name)
        users, password = folder / "users.json", folder / "password"
        accounts.put(users, NAME, PASSWORD)
        password.touch(mode=0o600)
        password.write_text(PASSWORD)
        with running_wall(folder, _DOSSIERS, IOC_WALL_USERS_FILE=str(users)) as place:
            place.client.command(_SOURCES)
            person = ["--name", NAME, "--password-file", str(password)]
            picture.main(["--url", f"{place.url}/?period=month", "--out", f"{IMAGES / 'wall.png'}"])
            picture.main(
                ["--url", f"{place.url}/?period=month", "--out", f"{IMAGES / 'wall.png'}",
                 "--boards", _BOARDS, *person]
            )  # fmt: skip
            picture.main(
                ["--url", f"{place.url}/?period=month&theme=light&lang=en", "--width", "1366",
                 "--height", "768", "--out", f"{IMAGES / 'wall-light.png'}"]
            )  # fmt: skip


if __name__ == "__main__":
    main()
