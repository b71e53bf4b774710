"""Every panel of the catalogue as a file of both kinds: what the wall shows can be taken away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import httpx
import openpyxl
import pytest
import wall_rows
import wall_seed
from wall_kit import Wall
from wall_stage import PASSWORD, SEPTEMBER, USER, fresh_status, migrated, running

from dashboards.catalogue.boards import BOARDS
from dashboards.panel import Panel
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall import accounts

CASES = [(board.id, panel) for board in BOARDS for panel in board.panels]


@pytest.fixture(scope="module")
def person(
    clickhouse: EmbeddedClickHouse, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Somebody who signed in at a wall with rows for every panel."""
    folder = tmp_path_factory.mktemp("exports")
    users = folder / "users.json"
    accounts.put(users, USER, PASSWORD)
    with migrated(clickhouse, "wall_exports") as client:
        wall_seed.seed_figures(client)
        wall_seed.seed_lists(client)
        wall_rows.seed_rows(client)
        wall_seed.tell_reconciliation(client, "mot-cua", wall_seed.NOW, 0)
        place = Wall(clickhouse, client.database, folder, IOC_WALL_USERS_FILE=str(users))
        with (
            fresh_status(client),
            running(place) as wall,
            httpx.Client(base_url=wall.url, headers={"Origin": wall.url}, timeout=20) as person,
        ):
            form = {"name": USER, "password": PASSWORD, "next": "/"}
            assert person.post("/login", data=form).status_code == 303
            yield person


def _lines(answer: httpx.Response, kind: str) -> list[list[object]]:
    if kind == "csv":
        assert answer.content.startswith(b"\xef\xbb\xbf")
        text = answer.content.decode("utf-8-sig")
        return [list(line) for line in csv.reader(io.StringIO(text), delimiter=";")]
    page = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    lines = [[cell.value for cell in row] for row in page.iter_rows()]
    return [[each for each in line if each is not None] for line in lines]


def _starts(cell: object, heading: str) -> bool:
    return cell in (heading, f"{heading} (giờ làm việc)")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("board", "panel"), CASES, ids=[f"{board}-{panel.id}" for board, panel in CASES]
)
def test_every_panel_can_be_taken_away(person: httpx.Client, board: str, panel: Panel, kind: str):
    now = "" if panel.sql in ("latency", "stored_events") else SEPTEMBER
    dossier = "&dossier=" + wall_rows.STORIED if panel.sql == "dossier_timeline" else ""
    answer = person.get(f"/export/{board}/{panel.id}.{kind}?{now}{dossier}")
    assert answer.status_code == 200
    assert f"{board}-{panel.id}-" in answer.headers["content-disposition"]
    lines = _lines(answer, kind)
    assert lines[0][0] == panel.title.vi
    words = [str(line[0]) for line in lines if line]
    for fact in ("Bảng", "Định nghĩa", "Kỳ", "Đủ dữ liệu đến", "Xuất lúc"):
        assert fact in words, fact
    if panel.figures:
        titles = [figure.title.vi for figure in panel.figures]
        assert words[-len(titles) :] == titles
        return
    headings = [column.title.vi for column in panel.columns if column.title]
    tables = [
        at for at, line in enumerate(lines)
        if all(any(_starts(cell, heading) for cell in line) for heading in headings)
    ]  # fmt: skip
    assert len(tables) == 1, lines
    # The minute in which the seeds were stored is not over yet, so it is not drawn.
    assert panel.sql == "stored_events" or len(lines) > tables[0] + 1, "no rows"
