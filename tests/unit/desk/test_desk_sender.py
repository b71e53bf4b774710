"""Sending: in order, through every fault of a line, nothing lost and nothing kept for ever."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from receiver import Answer, Receiver

from ioc.desk.client import DeskClient, Options, SettingsError
from ioc.desk.client.answer import Refused, Taken, TooMuch, Wait, meaning_of, retry_after
from ioc.desk.client.backoff import Backoff
from ioc.desk.client.wire import Wire


def event(number: int, dossier: int | None = None) -> dict[str, Any]:
    return {
        "event_id": f"e{number}",
        "source": "motcua-thu",
        "dossier_id": f"H28-{number if dossier is None else dossier}",
        "status": 2,
        "occurred_at": "2024-09-03T08:15:00+07:00",
    }


def send_all(client: DeskClient, most: int = 400) -> None:
    for _ in range(most):
        done = client.send()
        if not done.why:
            return
        time.sleep(min(done.wait_seconds, 0.01))
    raise AssertionError(f"never sent: {client.counts()}")


def test_a_burst_goes_out_in_order(receiver: Receiver, options: Options) -> None:
    with DeskClient(options, background=False) as client:
        client.push([event(number, number % 3) for number in range(50)])
        done = client.send()
        assert (done.sent, done.duplicate, done.rejected, done.why) == (50, 0, 0, None)
        assert client.counts().waiting == 0
    assert [name for _, name in receiver.order] == [f"e{number}" for number in range(50)]
    path, headers = receiver.requests[0]
    assert path == "/v1/events"
    assert headers["Authorization"] == "Bearer a-key"
    assert headers["Content-Type"] == "application/x-ndjson"


def test_every_fault_of_a_line_is_survived(receiver: Receiver, options: Options) -> None:
    """Cut before the answer, half answers, refusals to wait, rubbish: all arrive, in order."""
    turn = 0

    def faulty(items: list[Any]) -> Answer:
        nonlocal turn
        turn += 1
        kind = turn % 8
        if kind == 1:
            receiver.take(items)
            return None  # stored, but the answer never comes
        if kind == 2:
            return None
        if kind == 3:
            return receiver.take_first(2)(items)
        if kind == 4:
            return 429, {"Retry-After": "0"}, {"detail": "Gửi quá nhanh"}
        if kind == 5:
            return 503, {}, b"<html>proxy</html>"
        if kind == 6:
            return 200, {}, b"<html>captive portal</html>"
        if kind == 7:
            results = [receiver.result(0, items[0])]
            results += [{"outcome": "unsaved"} for _ in items[1:]]
            return 503, {"Retry-After": "0"}, {"results": results}
        return receiver.take(items)

    receiver.answer = faulty
    with DeskClient(options, background=False) as client:
        client.push([event(number, number % 5) for number in range(60)])
        send_all(client)
        assert client.counts()[:2] == (0, 0)
    assert set(receiver.stored) == {f"e{number}" for number in range(60)}
    for dossier in range(5):
        names = [name for where, name in receiver.order if where == f"H28-{dossier}"]
        assert names == sorted(names, key=lambda name: int(name[1:])), "in order per dossier"


def test_a_rejected_item_harms_only_itself(receiver: Receiver, options: Options) -> None:
    """And what the gateway said of it is kept whole: the cure, and by what to ask about it."""
    told = {"code": "bad_status", "field": "status", "value": "11",
            "message": {"vi": "sai", "en": "wrong"},
            "cure": {"vi": "Dùng mã 1–10", "en": "Use a code of 1-10"}}  # fmt: skip
    of_request = {"request_id": "5f0c", "server_time": "2024-09-05T15:40:02.125+07:00"}

    def judge(items: list[Any]) -> Answer:
        results = [
            {"index": number, "outcome": "rejected", **told}
            if item["event_id"] == "e3"
            else receiver.result(number, item)
            for number, item in enumerate(items)
        ]
        return 200, {}, {**of_request, "results": results}

    receiver.answer = judge
    with DeskClient(options, background=False) as client:
        client.push([event(number) for number in range(10)])
        assert client.send().rejected == 1
        (kept,) = client.spool.rejected()
        assert kept.answer == {**told, **of_request, "index": 3}
    assert len(receiver.stored) == 9


def test_a_body_that_is_refused_whole_is_divided_down_to_the_culprit(
    receiver: Receiver, options: Options
) -> None:
    def judge(items: list[Any]) -> Answer:
        if any(item["event_id"] == "e5" for item in items) or len(items) > 4:
            return 413, {}, {"code": "too_large", "detail": "Gói dữ liệu vượt 1 MB, hãy chia nhỏ"}
        return receiver.take(items)

    receiver.answer = judge
    with DeskClient(options, background=False) as client:
        client.push([event(number) for number in range(12)])
        done = client.send()
        assert (done.sent, done.rejected) == (11, 1)
        (kept,) = client.spool.rejected()
        assert kept.answer["code"] == "too_large"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_refused_key_stops_the_sender_and_loses_nothing(
    receiver: Receiver, options: Options, status: int
) -> None:
    receiver.answer = lambda _: (status, {}, {"detail": "Khóa không hợp lệ hoặc đã bị thu hồi"})
    with DeskClient(options, background=False) as client:
        client.push([event(1)])
        done = client.send()
        assert done.refused
        assert done.why is not None
        assert done.why.in_language("vi") == "Khóa không hợp lệ hoặc đã bị thu hồi"
        assert client.counts()[:2] == (1, 0)
        assert len(receiver.requests) == 1


def test_a_redirect_is_not_followed_with_the_key(receiver: Receiver, options: Options) -> None:
    receiver.answer = lambda _: (302, {"Location": "http://elsewhere.example/"}, {})
    with DeskClient(options, background=False) as client:
        client.push([event(1)])
        done = client.send()
        assert done.refused
        assert done.why is not None
        assert "elsewhere.example" in done.why.in_language("en")


def test_the_thread_of_the_client_sends_by_itself(receiver: Receiver, options: Options) -> None:
    with DeskClient(options) as client:
        client.push([event(number) for number in range(20)])
        deadline = time.monotonic() + 60
        while client.counts().waiting and time.monotonic() < deadline:
            time.sleep(0.01)
        assert client.counts().waiting == 0
    assert len(receiver.stored) == 20


def test_retry_after_is_honoured_in_both_forms() -> None:
    assert retry_after({"retry-after": "17"}) == 17
    # By the server's own clock: the desk's may be wrong by a day.
    both = {
        "retry-after": "Sun, 22 Nov 2026 10:00:30 GMT",
        "date": "Sun, 22 Nov 2026 10:00:00 GMT",
    }
    assert retry_after(both) == 30
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None


def test_waits_grow_spread_and_never_fall_below_what_the_server_asked() -> None:
    backoff = Backoff(1.0, 60.0, lambda: 0.5)
    waits = [backoff.next_seconds() for _ in range(10)]
    assert waits == sorted(waits)
    assert waits[0] < 1.0 < waits[1] + 1
    assert waits[-1] == 45.0
    assert backoff.next_seconds(120.0) >= 120.0
    backoff.reset()
    assert backoff.next_seconds() == waits[0]
    spread = {Backoff(1.0, 60.0, lambda r=r: r).next_seconds() for r in (0.0, 0.3, 0.9)}
    assert len(spread) == 3


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, b'{"results": []}', Taken),
        (422, b'{"results": [{"outcome": "rejected"}]}', Taken),
        (422, b'{"detail": "x"}', TooMuch),
        (400, b"", TooMuch),
        (401, b"", Refused),
        (301, b"", Refused),
        (200, b"[" * 100_000, Wait),
        (200, b'{"results": [1]}', Wait),
        (502, b"", Wait),
        (500, b"\xff", Wait),
    ],
)
def test_what_each_answer_means(status: int, body: bytes, expected: type) -> None:
    assert isinstance(meaning_of(status, {}, body), expected)


def test_a_key_never_goes_to_another_machine_in_the_clear(options: Options) -> None:
    with pytest.raises(SettingsError, match="https"):
        Wire(options._replace(url="http://ioc.example.vn"))
    Wire(options._replace(url="https://ioc.example.vn"))
    Wire(options._replace(url="http://ioc.example.vn", allow_plain=True))
    for wrong in ("", "ioc.example.vn", "ftp://x", "http://", "https://k@x", "https://x:99999"):
        with pytest.raises(SettingsError):
            Wire(options._replace(url=wrong))


def test_the_key_may_come_from_a_file_as_windows_writes_it(
    receiver: Receiver, options: Options, tmp_path: Path
) -> None:
    path = tmp_path / "key.txt"
    path.write_bytes(b"\xef\xbb\xbfwindows-key\r\n")
    with DeskClient(options._replace(key="", key_file=path), background=False) as client:
        client.push(event(1))
        client.send()
    assert receiver.requests[0][1]["Authorization"] == "Bearer windows-key"
