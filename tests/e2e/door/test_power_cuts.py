"""What the desk client took is in ClickHouse, once, wherever the power went.

The real gateway, Kafka and a worker; `tests/unit/desk` goes through each point by itself.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from gateway_kit import GatewayChild, KeyBox, event
from rig import Rig, eventually

from door.desk_kit import balance, counted, states
from ioc.desk.client.failpoints import VARIABLE
from ioc.desk.one_file import build_one_file
from ioc.verify import verify

SOURCE = "motcua-mat-dien"
#: Every point at which the client can be told to die; a test below holds the list complete.
POINTS = (
    "before_accept", "after_accept", "before_send", "after_answer", "before_settle",
    "after_settle", "before_move",
)  # fmt: skip
EACH = 12


def lines(first: int) -> str:
    """Events of dossiers of their own, all of a month in which nothing else happens."""
    found: list[dict[str, Any]] = [
        event(
            number, source=SOURCE, dossier_id=f"{SOURCE}-{number}", due_at=None,
            occurred_at=f"2021-05-{number % 27 + 1:02d}T08:15:00+07:00",
        )
        for number in range(first, first + EACH)
    ]  # fmt: skip
    return "".join(json.dumps(each) + "\n" for each in found)


def test_the_list_of_points_is_whole() -> None:
    sources = (Path(__file__).parents[3] / "ioc" / "desk" / "client").glob("*.py")
    text = "".join(path.read_text("utf-8") for path in sources)
    assert text.count('reached("') == len(POINTS)
    assert all(f'reached("{point}")' in text for point in POINTS)


def test_killed_at_every_step_everything_is_in_the_warehouse_once(
    rig: Rig, gateway: GatewayChild, keys: KeyBox, tmp_path: Path
) -> None:
    """One spool that is cut at one step after the other, and never cleaned up between."""
    program = build_one_file(tmp_path / "ioc-desk.pyz")
    env = {
        **os.environ,
        "IOC_DESK_URL": gateway.url,
        "IOC_DESK_KEY": keys.get("power", source=SOURCE),
        "IOC_DESK_BATCH_ITEMS": "5",
    }
    watched = tmp_path / "outbox"
    watched.mkdir()

    said: list[str] = []

    def run(*arguments: str, cut_at: str = "") -> int:
        done = subprocess.run(
            [sys.executable, "-I", "-S", str(program), *arguments],
            cwd=tmp_path, env=env | {VARIABLE: cut_at}, capture_output=True, timeout=120,
            check=False,
        )  # fmt: skip
        said.append((done.stdout + done.stderr).decode())
        return done.returncode

    for place, point in enumerate(POINTS):
        name = f"{point}.ndjson"
        folder = watched if point == "before_move" else tmp_path
        (folder / name).write_text(lines(place * EACH), "utf-8")
        what = ("--watch", "outbox") if point == "before_move" else (name,)
        assert run(*what, cut_at=point) == -signal.SIGKILL, point
        if point == "before_accept":
            # The call did not return: the desk hands the file over again.
            assert run(name, cut_at="after_accept") == -signal.SIGKILL
    assert run("--wait") == 0, said[-1]
    total = EACH * len(POINTS)
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, SOURCE) == (total, total)
    assert {row[0] for row in states(rig, SOURCE).values()} == {2}
    assert len(states(rig, SOURCE)) == total
    month = dt.date(2021, 5, 1), dt.date(2021, 5, 31)
    eventually(lambda: balance(rig, *month)["received"] == total, "the wall shows each once")
    assert balance(rig, *month)["difference"] == 0
    assert verify(rig.client, database=rig.database).difference_count == 0
