"""The quick reader against the contract: whatever it accepts, both read the same."""

from __future__ import annotations

import datetime as dt
from itertools import islice

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from schemas.errors import RejectError
from schemas.events.decode import FUTURE_TOLERANCE_MS, decode_by_contract
from schemas.events.plain import read_plain

NOW_MS = 1_793_754_000_000
USUAL = {
    "event_id": '"7-1"',
    "source": '"motcua"',
    "dossier_id": '"000.25.28.H28-240901-0003"',
    "status": "2",
    "occurred_at": '"2024-09-03T08:15:00+07:00"',
    "received_at": '"2024-09-03T08:15:00+07:00"',
    "due_at": '"2024-09-10T17:00:00+07:00"',
    "limit_unit": '"working_days"',
    "receiver": '"04792"',
    "channel": "2",
}

# Fragments of JSON, not values: what a serialiser of ours would never write is the point.
texts = st.sampled_from(
    ['"x"', '" x"', '"x "', '""', '" "', '"a\\u0041"', '"\\t"', '"é"', '"\x7f"', '"\x01"', "null",
     "1", "true", "[]", "{}", '"' + "y" * 64 + '"', '"' + "y" * 65 + '"', '"' + "y" * 129 + '"',
     '"x\u00a0"', '"\\ud800"', "NaN", '"full"', '"partial"', '"months"', '"working_hours"']
)  # fmt: skip
_AROUND = (dt.datetime(2009, 12, 30), dt.datetime(2036, 1, 3))  # noqa: DTZ001 text follows
numbers = st.sampled_from(
    ["0", "1", "3", "4", "10", "11", "-1", "1.0", "2.5", "1e0", '"2"', '" 2"', "true", "false",
     "null", "9007199254740991", "9007199254740992", "01", "1e400", "-0", "0.0", "10.0", "1E1"]
)  # fmt: skip
moments = st.sampled_from(
    ['"2024-09-03T08:15:00Z"', '"2024-09-03T08:15:00+00:00"', '"2024-09-03T08:15:60+07:00"',
     '"2024-09-03t08:15:00+07:00"', '"2024-09-03 08:15:00+07:00"', '"2024-09-03T08:15+07:00"',
     '"2024-09-03T08:15:00.999999999+07:00"', '"2024-02-30T08:15:00+07:00"', "1725326100",
     '"2010-01-01T06:59:59+07:00"', '"2010-01-01T07:00:00+07:00"', '"2035-12-31T23:59:59+07:00"',
     '"2036-01-01T06:59:59+07:00"', '"2036-01-01T07:00:00+07:00"', '"2024-09-03T24:00:00+07:00"',
     '"2024-09-03T08:15:00+07:00 "', '"2024-09-03T08:15:00+0700"', '"2024-09-03"', "null",
     '"1725326100"', '"2024-09-03T08:15:00-07:00"', '"2099-01-01T00:00:00+07:00"']
) | st.datetimes(*_AROUND).map(
    lambda time: f'"{time.replace(microsecond=0).isoformat()}+07:00"'
)  # fmt: skip
fragments = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(
            ("event_id", "source", "dossier_id", "receiver", "authority", "handler", "procedure",
             "field", "online_level", "limit_unit", "unknown"),
            texts,
        ),
        **dict.fromkeys(("status", "sequence", "channel", "schema_version", "backfill"), numbers),
        **dict.fromkeys(("occurred_at", "registered_at", "received_at", "due_at"), moments),
        "extras": st.sampled_from(["{}", "null", '{"a": 1}']),
        "leg": st.sampled_from(["null", '{"number": 1}', "{}"]),
        "apology": st.sampled_from(["null", '{"issued_at": "2024-09-03T08:15:00+07:00"}']),
        "supplement_due_at": moments,
    },
)  # fmt: skip


def message(said: dict[str, str], left_out: set[str], twice: dict[str, str], gap: str) -> bytes:
    members = [*{k: v for k, v in {**USUAL, **said}.items() if k not in left_out}.items()]
    members += twice.items()
    body = f",{gap}".join(f'"{name}":{gap}{value}' for name, value in members)
    return f"{gap}{{{body}{gap}}}{gap}".encode("utf-8", "surrogatepass")


@settings(max_examples=2000)
@given(
    fragments,
    st.sets(st.sampled_from(sorted(USUAL)), max_size=2),
    st.one_of(st.just({}), fragments),
    st.sampled_from(["", " ", "\n", "\t "]),
    st.sampled_from([NOW_MS, 1_725_326_100_000 - FUTURE_TOLERANCE_MS, 0]),
)
@example({}, set(), {}, "", NOW_MS)
def test_what_the_quick_reader_accepts_the_contract_reads_alike(
    said: dict[str, str], left_out: set[str], twice: dict[str, str], gap: str, stored_at: int
) -> None:
    value = message(said, left_out, twice, gap)
    quick = read_plain(value, stored_at, FUTURE_TOLERANCE_MS)
    if quick is not None:
        assert quick == decode_by_contract(value, stored_at)


@given(st.binary(max_size=60))
def test_bytes_that_are_no_event_are_left_to_the_contract(value: bytes) -> None:
    try:
        decode_by_contract(value, NOW_MS)
    except RejectError:
        assert read_plain(value, NOW_MS, FUTURE_TOLERANCE_MS) is None


def test_nearly_all_events_of_a_province_take_the_quick_way() -> None:
    """Otherwise the comparison above would compare nothing."""
    assert read_plain(message({}, set(), {}, ""), NOW_MS, FUTURE_TOLERANCE_MS) is not None
    values = [record[1] for record in islice(outgoing(scenario("tan-lac-2020").events()), 5_000)]
    quick = sum(read_plain(v, NOW_MS, FUTURE_TOLERANCE_MS) is not None for v in values)
    assert quick > 0.9 * len(values)
