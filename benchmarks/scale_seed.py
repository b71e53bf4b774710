"""Three years of a province, made inside ClickHouse by SQL: ten million dossiers and their cells.

The dossiers follow from their number; everything else is derived from them as the worker would
derive it, shard by shard, and the walls' own tables by the worker's code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from benchmarks.scale_operations import seed_operations
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_of_date
from schemas.events.shard import SHARDS
from schemas.reference import ProcedureRegistry, UnitRegistry
from schemas.tables.publish import publish_reference
from streams.clickhouse.live_lists import tidy_lists
from streams.clickhouse.unit_days import refresh_days

YEARS = 3
_CHUNK = 500_000
_DAYS_AT_ONCE = 60
#: A department or a district decides as many dossiers as so many communes.
_WEIGHTS = {"province": 0, "department": 4, "district": 5, "commune": 1}

# Six of a thousand are resolved late, two of ten thousand never; a limit is 1 to 15 working days.
_DOSSIERS = """
INSERT INTO dossiers (shard, dossier_id, version, position, phase, status, live, received,
    receiver, authority, handler, procedure, field, channel, registered_at, received_at,
    first_due_at, due_at, limit_unit, apologised, result_at, returned_at, finished_at, verdict,
    receipt_late, supplements, paused_since, alarm_at, national_late_from, last_event_at, source)
WITH
    {days:Array(UInt16)} AS days,
    toUInt32({received_days:UInt32}) AS last,
    cityHash64(number) AS h, cityHash64(number, 1) AS g, cityHash64(number, 2) AS k,
    toUInt32(1 + intDiv(number * last, {total:UInt64})) AS came,
    [1, 1, 1, 1, 2, 2, 3, 3, 5, 15][1 + h % 10] AS allowed,
    g % 10000 AS fate,
    multiIf(fate < 2, last + 40, fate < 60, came + allowed + 1 + k % 10,
            came + k % (allowed + 1)) AS went,
    went > last OR went = last AND k % 3 = 0 AS is_live,
    came = last AND k % 25 = 0 AS is_waiting,
    is_live AND NOT is_waiting AND h % 20 = 0 AS is_paused,
    toInt64(days[came]) * 86400 + h % 32400 AS came_at,
    toInt64(days[came + allowed]) * 86400 + 36000 AS due,
    toInt64(days[least(went, last)]) * 86400 + greatest(h % 32400, 3600 + k % 30000) AS went_at,
    toInt64(days[came + allowed] + 1) * 86400 - 25200 AS late_at,
    days[came] < {merger:UInt16} AS is_old,
    {old:Array(String)} AS old, {new:Array(String)} AS new,
    if(is_old, old[1 + g % length(old)], new[1 + g % length(new)]) AS unit,
    if(is_old, old[1 + k % length(old)], new[1 + k % length(new)]) AS other
SELECT
    toUInt8(kafkaMurmurHash(id) % 48),
    concat('000.', leftPad(toString(g % 400), 3, '0'), '.H28-',
           formatDateTime(toDate(days[came]), '%y%m%d'), '-', toString(number)) AS id,
    4294967299,
    1099511627776 + number,
    multiIf(is_waiting, 'awaiting', is_paused, 'supplement', is_live, 'processing', 'resolved'),
    multiIf(is_waiting, 1, is_paused, 5, is_live, 4, k % 8 = 0, 9, 10),
    is_live OR is_waiting,
    NOT is_waiting,
    unit,
    unit,
    if(k % 12 = 0, other, unit),
    {procedures:Array(String)}[1 + h % length({procedures:Array(String)})],
    {fields:Array(String)}[1 + h % length({procedures:Array(String)})],
    multiIf(k % 100 < 88, 2, k % 100 < 99, 1, 3),
    came_at - 1800,
    if(is_waiting, 0, came_at),
    due,
    due,
    1,
    is_live AND late_at <= {now:Int64} AND h % 3 = 0,
    if(is_live OR is_waiting, 0, went_at),
    if(is_live OR is_waiting OR k % 8 = 0, 0, went_at + 7200),
    if(is_live OR is_waiting, 0, went_at),
    multiIf(is_live OR is_waiting, '', went < came + allowed, 'early', went = came + allowed,
            'on_time', 'late'),
    h % 300 = 0,
    is_paused,
    if(is_paused, came_at + 3600, 0),
    multiIf(is_waiting, came_at + 90000, is_live AND NOT is_paused, late_at, 0),
    if(went > came + allowed AND NOT is_paused, toDate(days[came + allowed] + 1),
       toDate('2149-06-06')),
    if(is_live OR is_waiting, came_at, went_at),
    'mot-cua'
FROM numbers({start:UInt64}, {count:UInt64})
SETTINGS async_insert = 0
"""
_DOSSIER_DAYS = """
INSERT INTO dossier_days (shard, day, receiver, authority, handler, field, channel, version,
    registered, received, receipt_late, early, on_time, late, returned, uncollected, due, due_met)
SELECT shard, toDate(event.1, 'Asia/Ho_Chi_Minh') AS day, receiver, authority, handler, field,
    channel, max(position), countIf(event.2 = 1), countIf(event.2 = 2), countIf(event.2 = 3),
    countIf(event.2 = 4), countIf(event.2 = 5), countIf(event.2 = 6), countIf(event.2 = 7),
    countIf(event.2 = 8), countIf(event.2 = 9), countIf(event.2 = 10)
FROM dossiers
ARRAY JOIN arrayFilter(each -> each.1 > 0, [
    (registered_at, 1), (received_at, 2), (if(receipt_late = 1, registered_at, 0), 3),
    (result_at, 3 + toUInt8(verdict)), (returned_at, 7), (if(returned_at = 0, result_at, 0), 8),
    (if(received = 1, due_at, 0), 9), (if(verdict IN ('early', 'on_time'), due_at, 0), 10)
]) AS event
WHERE shard = {shard:UInt8}
GROUP BY shard, day, receiver, authority, handler, field, channel
"""
_PROVINCE_DAYS = """
INSERT INTO province_days (shard, day, version, registered, received, received_online,
    receipt_late, early, on_time, late, returned, uncollected, due, due_met)
SELECT shard, day, max(version), sum(registered), sum(received), sumIf(received, channel = 2),
    sum(receipt_late), sum(early), sum(on_time), sum(late), sum(returned), sum(uncollected),
    sum(due), sum(due_met)
FROM dossier_days WHERE shard = {shard:UInt8} GROUP BY shard, day
"""
_NATIONAL = """
INSERT INTO national_days
SELECT shard, receiver, authority, handler, toDate(received_at, 'Asia/Ho_Chi_Minh') AS received_day,
    national_late_from, max(position), count()
FROM dossiers WHERE shard = {shard:UInt8} AND received = 1
GROUP BY shard, receiver, authority, handler, received_day, national_late_from
"""
_OPEN = """
INSERT INTO open_dossiers (shard, authority, version, receiver, handler, field, channel, phase,
    apologised, alarm_minute, n)
SELECT shard, authority, max(version), groupArray(receiver), groupArray(handler),
    groupArray(field), groupArray(channel), groupArray(phase), groupArray(apologised),
    groupArray(alarm_minute), groupArray(n)
FROM
(
    SELECT shard, authority, max(position) AS version, receiver, handler, field, channel, phase,
        apologised, toInt64(ceil(alarm_at / 60) * 60) AS alarm_minute, toUInt32(count()) AS n
    FROM dossiers WHERE live = 1
    GROUP BY shard, authority, receiver, handler, field, channel, phase, apologised, alarm_minute
)
GROUP BY shard, authority
"""
_ALERTS = """
INSERT INTO alerts (alert_id, rule, dossier_id, shard, about_at, crossed_at, raised_at, receiver,
    authority, handler, leg, digest)
SELECT concat(dossier_id, rule), rule, dossier_id, shard, due_at, crossed, crossed, receiver,
    authority, handler, 0, 0
FROM
(
    SELECT *, arrayJoin([
        ('overdue', due_at + 25200, verdict = 'late' OR live = 1 AND phase = 'processing'),
        ('due_soon', due_at - 28800, cityHash64(dossier_id) % 4 = 0)
    ]) AS crossing, crossing.1 AS rule, crossing.2 AS crossed
    FROM dossiers WHERE shard = {shard:UInt8} AND received = 1 AND crossing.3
)
WHERE crossed <= {now:Int64}
"""
_EVENTS = """
INSERT INTO dossier_events (shard, dossier_id, source, event_id, content_hash, position, log_at,
    status, occurred_at, receiver, authority, handler, procedure, field, channel, received_at,
    due_at)
SELECT shard, dossier_id, source, toString(step), step, position, now64(3), status,
    toDateTime64(received_at + step * 3600, 3), receiver, authority, handler, procedure, field,
    channel, received_at, due_at
FROM dossiers ARRAY JOIN [1, 2, 3] AS step WHERE shard = {shard:UInt8} AND received = 1
"""
#: How many of the shards have an audit log: one dossier's rows are found by key in any of them.
_SHARDS_WITH_EVENTS = 4


def seed(
    client: Any, database: str, dossiers: int, now: dt.datetime, say: Callable[[str], None]
) -> None:
    """Fill empty tables; `now` should lie in a working day. Blocks for minutes.

    Args:
        client: of the writer.
        database: its name.
        dossiers: how many of all three years.
        now: the moment at which the province is looked at.
        say: is told about progress.
    """
    calendar = WorkingCalendar(CalendarSettings(_env_file=None))
    units, procedures = UnitRegistry.load(None), ProcedureRegistry.load(None)
    publish_reference(client, database, calendar=calendar, units=units, procedures=procedures)
    today = day_of_date(now.date())
    first = today - YEARS * 365
    days = [day for day in range(first, today + 60) if calendar.is_working_day(day)]
    received_days = sum(day <= today for day in days)
    merger = day_of_date(dt.date(2025, 7, 1))

    def codes(day: int) -> list[str]:
        valid = units.at(date_of_day(day))
        return [unit.code for unit in valid for _ in range(_WEIGHTS[unit.level.value])]

    moment = int(now.timestamp())
    bound = {
        "days": days,
        "received_days": received_days,
        "total": dossiers,
        "merger": merger,
        "old": codes(merger - 1),
        "new": codes(merger),
        "procedures": [procedure.procedure_id for procedure in procedures],
        "fields": [procedure.field for procedure in procedures],
        "now": moment,
    }
    for start in range(0, dossiers, _CHUNK):
        count = min(_CHUNK, dossiers - start)
        client.command(_DOSSIERS, parameters={**bound, "start": start, "count": count})
    say("dossiers")
    for shard in range(SHARDS):
        chosen = {"shard": shard, "now": moment}
        for statement in (_DOSSIER_DAYS, _PROVINCE_DAYS, _NATIONAL, _ALERTS):
            client.command(statement, parameters=chosen)
        if shard < _SHARDS_WITH_EVENTS:
            client.command(_EVENTS, parameters=chosen)
    client.command(_OPEN)
    say("cells")
    seed_operations(client, SHARDS, moment)
    say("operations")
    touched = range(days[0], days[-1] + 30)
    for at in range(0, len(touched), _DAYS_AT_ONCE):
        refresh_days(client, touched[at : at + _DAYS_AT_ONCE])
    tidy_lists(client)
    _settle_quarters(client, now.date())
    client.command(
        "INSERT INTO topic_epochs (topic, topic_id, partitions, epoch) VALUES ('t', 'id', 4, 1)"
    )
    client.command(
        "INSERT INTO checkpoints (shard, position, epoch, partition_offset, log_at)"
        " SELECT number, 1099511627776, 1, 0, now64(3) FROM numbers(48)"
    )
    say("walls")


def _settle_quarters(client: Any, today: dt.date) -> None:
    """Do what the engine does to quarters that have ended, once nothing came for half an hour."""
    ended = client.query(
        "SELECT DISTINCT partition FROM system.parts WHERE active AND table = 'field_days'"
        " AND database = currentDatabase() AND partition < toString(toStartOfQuarter({day:Date}))",
        parameters={"day": today},
    )
    for (partition,) in ended.result_rows:
        client.command(
            "OPTIMIZE TABLE field_days PARTITION {partition:String} FINAL",
            parameters={"partition": partition},
        )
