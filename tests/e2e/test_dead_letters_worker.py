"""Records that cannot be used: kept whole, sealed, and counted once after they are mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from live_events import UNIT, accepted, now
from pipeline_kit import own_rig
from rig import Rig, eventually

from ioc.dead_letters import find_letter, redrive
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.replay.outgoing import OutgoingRecord
from schemas.errors import ConfigurationError
from schemas.settings import KafkaSettings
from streams.worker.sealing import Seal

#: What must never be readable: names, numbers, contacts, and the unit that nobody knows yet.
NAME, IDENTITY, PHONE, EMAIL = "Bùi Thị Nở", "017085001234", "0912345678", "no.bui@example.vn"
PERSONAL = {
    "ChuHoSo": NAME,
    "MaDoiTuong": IDENTITY,
    "SoDienThoai": PHONE,
    "Email": EMAIL,
    "TrichYeuHoSo": f"Cấp giấy phép cho {NAME}",
}
SECRETS = (NAME, "Bùi", IDENTITY, PHONE, EMAIL, "TrichYeuHoSo", "ChuHoSo", "NEW-UNIT-DOSSIER")


@pytest.fixture
def rig(kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path) -> Iterator[Rig]:
    with own_rig(kafka, clickhouse, tmp_path) as rig:
        yield rig


def bad_records() -> dict[str, OutgoingRecord]:
    """One record for each way of being unusable, by the reason it is filed under; all personal."""
    good = json.loads(accepted("BAD-1", now()).value)
    whole = {**good, **PERSONAL}

    def record(value: bytes) -> OutgoingRecord:
        return OutgoingRecord(IDENTITY.encode(), value)

    def told(**changes: object) -> OutgoingRecord:
        return record(json.dumps({**whole, **changes}, ensure_ascii=False).encode())

    return {
        "not_json": record(json.dumps(whole, ensure_ascii=False).encode()[:-5]),
        "bad_status": told(status=99),
        "bad_time": told(occurred_at="03/09/2024 08:15"),
        "missing_field": told_without(whole, "source"),
        "future_time": told(occurred_at="2031-01-01T00:00:00+07:00"),
        "bad_value": told(procedure={"name": NAME}),
    }


def told_without(event: dict[str, object], field: str) -> OutgoingRecord:
    left = {name: value for name, value in event.items() if name != field}
    return OutgoingRecord(IDENTITY.encode(), json.dumps(left, ensure_ascii=False).encode())


def seal_of(rig: Rig) -> Seal:
    return Seal(Path(rig.env["IOC_WORKER_DEAD_LETTER_KEY_FILE"]).read_text())


def letters(rig: Rig) -> list[tuple[str, str, str]]:
    return rig.rows("SELECT letter_id, code, state FROM dead_letters FINAL ORDER BY letter_id")


def dead_letter_records(rig: Rig) -> list[bytes]:
    topic = rig.kafka_settings.dead_letters_topic
    consumer = KafkaConsumer(bootstrap_servers=rig.kafka.bootstrap)
    try:
        places = [TopicPartition(topic, p) for p in consumer.partitions_for_topic(topic)]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        left = sum(consumer.end_offsets(places).values())
        found: list[bytes] = []
        while len(found) < left:
            for records in consumer.poll(timeout_ms=5_000).values():
                found += [(record.key or b"") + record.value for record in records]
        return found
    finally:
        consumer.close()


def test_letters_are_whole_and_nobody_reads_them_without_the_key(rig: Rig) -> None:
    worker = rig.start_worker()
    bad = bad_records()
    rig.replay([accepted("GOOD-1", now()), *bad.values(), accepted("GOOD-2", now())])
    rig.settle()
    eventually(lambda: len(letters(rig)) == len(bad), "all letters stored")
    assert sorted(code for _, code, _ in letters(rig)) == sorted(bad)
    # One bad message harms only itself.
    good = rig.rows("SELECT dossier_id FROM dossiers FINAL ORDER BY dossier_id")
    assert good == [("GOOD-1",), ("GOOD-2",)]
    # Neither table, nor topic, nor log says anything of the content.
    table = repr(rig.rows("SELECT * FROM dead_letters"))
    topic = b"".join(dead_letter_records(rig)).decode()
    said = "".join(worker.output)
    assert len(dead_letter_records(rig)) == len(bad)
    for secret in SECRETS:
        for place, text in (("table", table), ("topic", topic), ("log", said)):
            assert secret not in text, f"{secret} is readable in the {place}"
            assert json.dumps(secret)[1:-1] not in text, f"{secret} is readable in the {place}"
    # With the key the bytes are back as they came, key and value.
    seal = seal_of(rig)
    for letter_id, code, state in letters(rig):
        stored, sealed = find_letter(rig.client, letter_id)
        assert (stored.code, state) == (code, "open")
        assert seal.open(sealed) == (bad[code].key, bad[code].value)
    with pytest.raises(ConfigurationError, match="another one"):
        Seal("A" * 43 + "=").open(sealed)
    assert worker.stop() == 0


def test_personal_fields_of_good_events_go_nowhere(rig: Rig) -> None:
    """What the contract does not know is dropped at the door."""
    worker = rig.start_worker()
    event = {**json.loads(accepted("GOOD-1", now()).value), **PERSONAL, "extras": PERSONAL}
    rig.replay([OutgoingRecord(b"GOOD-1", json.dumps(event, ensure_ascii=False).encode())])
    rig.settle()
    for table in ("dossier_events", "dossiers", "sources", "dossier_days"):
        rows = repr(rig.rows(f"SELECT * FROM {table}"))
        assert rows != "[]", table
        for secret in (NAME, IDENTITY, PHONE, EMAIL):
            assert secret not in rows, f"{secret} is in {table}"
            assert json.dumps(secret)[1:-1] not in rows, f"{secret} is in {table}"
    assert worker.stop() == 0


def test_a_letter_counts_once_after_its_cause_is_mended(rig: Rig, tmp_path: Path) -> None:
    """A desk reports for a unit that the province's file does not have yet."""
    worker = rig.start_worker()
    event = json.loads(accepted("NEW-UNIT-DOSSIER", now()).value)
    event["receiver"] = event["authority"] = "NEW-UNIT"
    record = OutgoingRecord(b"NEW-UNIT-DOSSIER", json.dumps(event).encode())
    rig.replay([record, record, accepted("GOOD-1", now())])
    rig.settle()
    eventually(lambda: len(letters(rig)) == 2, "both letters stored")
    assert {code for _, code, _ in letters(rig)} == {"unknown_unit"}
    assert rig.rows("SELECT sum(received) FROM province_days FINAL") == [(1,)]
    assert worker.stop() == 0
    # The fix: a units file that knows it.
    units = Path("schemas/reference/data/units.csv").read_text(encoding="utf-8")
    line = next(row for row in units.splitlines() if row.startswith(f"{UNIT},"))
    _, _, rest = line.split(",", 2)
    mended = tmp_path / "units.csv"
    mended.write_text(f"{units}NEW-UNIT,99999,{rest}\n", encoding="utf-8")
    worker = rig.start_worker(IOC_WORKER_UNITS_FILE=str(mended))
    settings: KafkaSettings = rig.kafka_settings
    waiting = [letter_id for letter_id, _, _ in letters(rig)]
    assert redrive(rig.client, settings, seal_of(rig), waiting) == 2
    rig.settle()
    assert [state for _, _, state in letters(rig)] == ["redriven", "redriven"]
    assert rig.rows("SELECT sum(received) FROM province_days FINAL") == [(2,)]
    stored = "SELECT authority, received FROM dossiers FINAL WHERE dossier_id = 'NEW-UNIT-DOSSIER'"
    assert rig.rows(stored) == [("NEW-UNIT", 1)]
    # And once more, as an operator who is not sure would.
    assert redrive(rig.client, settings, seal_of(rig), waiting) == 2
    rig.settle()
    assert rig.rows("SELECT sum(received) FROM province_days FINAL") == [(2,)]
    assert len(letters(rig)) == 2
    assert worker.stop() == 0
