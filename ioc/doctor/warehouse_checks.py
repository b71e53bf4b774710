"""ClickHouse: does it answer, are schema and reference data right, is the clock, is work stuck."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ioc.doctor.finding import Finding, bad, note, well
from ioc.warehouse import connect_reader, connect_server
from schemas.doctor_texts import Doctor
from schemas.errors import ConfigurationError, IocError, RetryError
from schemas.messages import Text
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings
from schemas.tables.describe import schema_differences
from schemas.tables.migrate import applied_checksums
from schemas.tables.migration_files import load_migrations

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

#: Deadlines are judged to the second; a clock that is further off judges wrongly.
_CLOCK_TOLERANCE_SECONDS = 2.0


def warehouse_findings(settings: ClickHouseSettings) -> Iterator[Finding]:
    """Look at the server and what it holds; blocks for a few seconds."""
    subject = Doctor.CLICKHOUSE
    if not settings.url:
        yield bad(subject, Doctor.NO_ADDRESS, Doctor.CURE_NO_CLICKHOUSE)
        return
    try:
        client = connect_server(settings)
    except (RetryError, ConfigurationError) as error:
        yield bad(subject, Doctor.ERROR, Doctor.CURE_CLICKHOUSE, error=error)
        return
    try:
        version = client.query("SELECT version()").result_rows[0][0]
        yield well(subject, Doctor.CLICKHOUSE_WELL, address=settings.url, version=version)
        yield _clock(client)
        schema = list(_schema(client, settings))
        yield from schema
        if all(finding.cure is None for finding in schema):
            yield from _contents(client, settings)
    finally:
        client.close()


def _clock(client: Client) -> Finding:
    before = time.time()
    server = int(client.query("SELECT toUnixTimestamp64Milli(now64(3))").result_rows[0][0]) / 1000
    after = time.time()
    # The server looked at its clock somewhere between the two.
    off = max(before - server, server - after, 0.0)
    if off > _CLOCK_TOLERANCE_SECONDS:
        return bad(Doctor.CLOCK, Doctor.CLOCK_OFF, Doctor.CURE_CLOCK, seconds=f"{off:.1f}")
    return well(Doctor.CLOCK, Doctor.CLOCK_WELL, seconds=f"{off:.1f}")


def _schema(client: Client, settings: ClickHouseSettings) -> Iterator[Finding]:
    subject, cure = Doctor.SCHEMA, Doctor.CURE_MIGRATE
    known = load_migrations()
    applied = applied_checksums(client, settings.database)
    newest = max(applied, default=0)
    values = {"live": f"{newest:04d}", "declared": f"{known[-1].number:04d}"}
    if newest > known[-1].number:
        yield bad(subject, Doctor.SCHEMA_NEWER, Doctor.CURE_UPGRADE, **values)
        return
    if newest < known[-1].number:
        yield bad(subject, Doctor.SCHEMA_OLD, cure, **values)
        return
    changed = [each for each in known if applied.get(each.number) != {each.checksum}]
    for each in changed:
        name = f"{each.number:04d}_{each.name}"
        yield bad(subject, Doctor.SCHEMA_CHANGED, Doctor.CURE_SCHEMA_CHANGED, name=name)
    differences = schema_differences(client, settings.database)
    for difference in differences:
        yield bad(subject, Doctor.SCHEMA_DIFFERS, Doctor.CURE_SCHEMA_DIFFERS, difference=difference)
    if not changed and not differences:
        yield well(subject, Doctor.SCHEMA_WELL, **values)


def _contents(client: Client, settings: ClickHouseSettings) -> Iterator[Finding]:
    try:
        connect_reader(settings).close()
        yield well(Doctor.READER, Doctor.READER_WELL, user=settings.read_username)
    except IocError as error:
        yield bad(Doctor.READER, Doctor.ERROR, Doctor.CURE_READER, error=error)
    yield from _reference(client, settings)
    bound = {"database": settings.database}
    stuck = client.query(
        "SELECT partition, lag, stalled FROM {database:Identifier}.pipeline FINAL"
        " WHERE stalled > 0 ORDER BY partition",
        parameters=bound,
    ).result_rows
    for partition, lag, trouble in stuck:
        if trouble == 1:
            yield bad(Doctor.LAG, Doctor.STALLED, Doctor.CURE_STALLED, partition=partition, lag=lag)
        else:
            topic = KafkaSettings().alerts_topic
            values = {"partition": partition, "topic": topic}
            yield bad(Doctor.ALERTS, Doctor.ALERTS_REFUSED, Doctor.CURE_ALERTS_REFUSED, **values)
    letters = client.query(
        "SELECT count() FROM {database:Identifier}.dead_letters FINAL WHERE state = 'open'",
        parameters=bound,
    ).result_rows[0][0]
    if letters:
        yield note(Doctor.LETTERS, Text.LETTERS_TITLE, Doctor.CURE_LETTERS, count=letters)
    else:
        yield well(Doctor.LETTERS, Text.NO_LETTERS)


def _reference(client: Client, settings: ClickHouseSettings) -> Iterator[Finding]:
    from ioc.reference import load_reference  # noqa: PLC0415 - half a second
    from schemas.tables.publish import published_differs, reference_contents  # noqa: PLC0415

    subject = Doctor.REFERENCE
    try:
        files = load_reference(WorkerSettings())
    except IocError as error:
        yield bad(subject, Doctor.ERROR, Doctor.CURE_REFERENCE_FILE, error=error)
        return
    contents = reference_contents(files.calendar, files.units, files.procedures)
    differing = [
        table.name
        for table, rows in contents
        if published_differs(client, settings.database, table, rows)
    ]
    if differing:
        yield bad(subject, Doctor.REFERENCE_OLD, Doctor.CURE_MIGRATE, tables=", ".join(differing))
    else:
        yield well(subject, Doctor.REFERENCE_WELL)
