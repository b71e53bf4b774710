"""What was acknowledged is there, once: gateways killed, lines cut, clocks wrong."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from gateway_kit import GatewayChild, KeyBox, running_gateway
from pipeline_kit import wait_walls
from rig import Rig, eventually

from door.desk_kit import CutLine, counted, event, states
from ioc.desk.client import DeskClient, Options
from ioc.verify import verify


def test_a_line_that_is_cut_costs_nothing_and_counts_once(
    rig: Rig, gateway: GatewayChild, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("cut", source="motcua-dut-day")
    line = CutLine(gateway.url)
    options = Options(
        url=line.url, key=key, folder=tmp_path / "spool", batch_items=9,
        retry_min_seconds=0.01, retry_max_seconds=0.05,
    )  # fmt: skip
    try:
        with DeskClient(options) as desk:
            for number in range(120):
                desk.push(event(number, "motcua-dut-day"))
            eventually(lambda: not desk.counts().waiting, "all is sent", 120)
            rejected = [(row.id, row.answer) for row in desk.spool.rejected()][:3]
            assert not rejected, rejected
    finally:
        line.close()
    assert line.requests > 20
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-dut-day") == (120, 120)
    states_now = states(rig, "motcua-dut-day")
    assert len(states_now) == 40
    assert {row[0] for row in states_now.values()} == {9}


def test_two_days_without_a_gateway_and_a_clock_that_is_a_day_ahead(
    rig: Rig, keys: KeyBox, tmp_path: Path
) -> None:
    """The outage: events wait. The clock: what lies in the future is refused, mended, counted."""
    key = keys.get("outage", source="motcua-mat-mang")
    now = dt.datetime.now(dt.UTC)
    ahead = (now + dt.timedelta(days=1, hours=2)).isoformat(timespec="seconds")
    behind = (now - dt.timedelta(days=2)).isoformat(timespec="seconds")
    options = Options(
        url="http://127.0.0.1:9", key=key, folder=tmp_path / "spool",
        retry_min_seconds=0.01, retry_max_seconds=0.05,
    )  # fmt: skip
    with DeskClient(options, background=False) as desk:
        desk.push([event(number, "motcua-mat-mang", occurred_at=behind) for number in range(30)])
        desk.push(event(30, "motcua-mat-mang", occurred_at=ahead))
        for _ in range(5):
            assert desk.send().why is not None
        assert desk.counts().waiting == 31
    with (
        running_gateway(rig) as fresh,
        DeskClient(options._replace(url=fresh.url), background=False) as desk,
    ):
        eventually(lambda: not desk.send().why, "the line is back", 60)
        assert desk.counts()[:2] == (0, 1)
        (refused,) = desk.spool.rejected()
        assert refused.answer["code"] == "future_time"
        assert "đồng hồ" in refused.answer["message"]["vi"]
        assert refused.answer["cure"]["vi"]
        assert refused.answer["cure"]["en"]
        assert refused.answer["server_time"] in refused.answer["message"]["en"]
        place = {"id": refused.answer["request_id"], "n": refused.answer["index"]}
        found = (
            "SELECT code FROM gateway_rejects"
            " WHERE request_id = {id:String} AND item_index = {n:UInt32}"
        )
        eventually(lambda: rig.rows(found, **place) == [("future_time",)], "the IOC finds it too")
        mended = json.loads(refused.item.body) | {"occurred_at": behind}
        desk.spool.mend(refused.id, refused.item._replace(body=json.dumps(mended).encode()))
        assert desk.send().sent == 1
        assert desk.counts()[:2] == (0, 0)
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-mat-mang") == (31, 31)


def test_a_gateway_that_is_killed_under_the_client_loses_nothing(
    rig: Rig, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("killed", source="motcua-giet")
    options = Options(
        url="http://127.0.0.1:9", key=key, folder=tmp_path / "spool", batch_items=5,
        retry_min_seconds=0.01, retry_max_seconds=0.1,
    )  # fmt: skip
    pushed = 0
    for _ in range(2):
        # Pushed before anything sends, so that something waits when the gateway comes.
        with DeskClient(options, background=False) as desk:
            desk.push(
                [event(n % 120, "motcua-giet", event_id=f"e{pushed + n}") for n in range(200)]
            )
            pushed += 200
            before = desk.counts().waiting
        assert before >= 200
        with (
            running_gateway(rig) as child,
            DeskClient(options._replace(url=child.url)) as desk,
        ):
            eventually(lambda start=before: desk.counts().waiting < start, "it began", every=0.005)
            child.kill()
    with (
        running_gateway(rig) as child,
        DeskClient(options._replace(url=child.url)) as desk,
    ):
        desk.push(event(0, "motcua-giet", event_id=f"e{pushed}"))
        eventually(lambda: not desk.counts().waiting, "all is sent", 120)
    rig.expect_all()
    rig.wait_stored()
    assert counted(rig, "motcua-giet") == (pushed + 1, pushed + 1)


def test_what_another_process_took_counts_once_also_with_another_content(
    rig: Rig, gateway: GatewayChild, keys: KeyBox
) -> None:
    source = "motcua-hai-cong"
    key = keys.get("two", source=source)
    same, other = event(0, source), event(1, source)

    def send(child: GatewayChild, *events: dict[str, Any]) -> list[str]:
        with child.client(key) as client:
            answer = client.post("/v1/events", json=list(events)).json()
            return [each["outcome"] for each in answer["results"]]

    # Started before anything is sent: neither knows what the other takes.
    with running_gateway(rig) as second:
        second.wait_for_key(key)
        assert send(gateway, same, other) == ["accepted", "accepted"]
        assert send(second, same, other | {"status": 3}) == ["accepted", "accepted"]
        assert send(gateway, same, other | {"status": 3}) == ["duplicate", "rejected"]
        rig.expect_all()
        rig.wait_stored()
    assert counted(rig, source) == (3, 3)
    found = states(rig, source)
    assert len(found) == 2
    assert found[same["dossier_id"]][0] == 2
    # Both contents are in the audit log; which one counts follows from them, not from the order.
    assert found[other["dossier_id"]][0] in (2, 3)
    wait_walls(rig)
    assert verify(rig.client, database=rig.database).difference_count == 0
