"""What operators, people and desks left behind in the years of `scale_seed`: cases, letters, marks.

Panels about operations read these tables; over empty ones their queries would look quick.
"""

from __future__ import annotations

from typing import Any

#: Every alert has its case: those of finished dossiers are over, a third of the others explained.
_CASES = """
INSERT INTO alert_cases (alert_id, rule, dossier_id, shard, unit, handler, receiver, crossed_at,
    raised_at, digest, state, level, version)
SELECT alert_id, rule, dossier_id, shard, authority, handler, receiver, crossed_at, raised_at,
    digest, if(crossed_at < {now:Int64} - 21 * 86400, 'resolved',
       ['explained', 'explained', 'acknowledged', 'explained', 'open', 'resolved']
           [1 + cityHash64(authority, intDiv(crossed_at, 3600)) % 6]),
    cityHash64(authority) % 9 = 0, 2
FROM alerts WHERE shard = {shard:UInt8}
"""
_ANSWERS = """
INSERT INTO alert_answers (alert_id, answer_id, person, role, kind, cause, expected_on, via,
    made_at, version)
SELECT alert_id, '1', 'p1', 'authority_head', 'explained',
    ['waits_for_agency', 'staff', 'complex'][1 + cityHash64(unit) % 3],
    toDate(toDateTime({now:Int64})) + 3, 'wall',
    fromUnixTimestamp64Milli(toInt64(least(crossed_at + 3600, {now:Int64}) * 1000)), 1
FROM alert_cases
WHERE shard = {shard:UInt8} AND rule != 'due_soon' AND (state = 'explained' OR state = 'resolved')
"""
#: Three years of a dozen sources: some thirty unreadable records a day, most of them mended.
_LETTERS = """
INSERT INTO dead_letters (letter_id, topic, partition, source_offset, log_at, source, code, reason,
    sealed, state, version)
SELECT concat('events/0/', toString(number)), 'events', number % 4, number,
    fromUnixTimestamp64Milli(toInt64(({now:Int64} - number * 2900) * 1000)),
    concat('mot-cua-', toString(cityHash64(number) % 12)),
    ['missing_field', 'bad_time', 'bad_status', 'unknown_unit'][1 + cityHash64(number, 1) % 4],
    'x', 'sealed', if(number < 200, 'open', 'redriven'), 1
FROM numbers(30000)
"""
_MARKS = """
INSERT INTO marks (mark_id, kind, subject, note, author, made_at, expires_at, ended_at, ended_by,
    version)
SELECT toString(number), 'unit', code, 'đã gọi, chờ', 'truc-ban',
    fromUnixTimestamp64Milli(toInt64(({now:Int64} - number * 3000) * 1000)),
    {now:Int64} - number * 3000 + 14400, 0, '', 1
FROM (SELECT rowNumberInAllBlocks() AS number, code FROM units FINAL
      CROSS JOIN numbers(60) AS times) LIMIT 20000
"""
_RECONCILIATIONS = """
INSERT INTO reconciliations (source, at, key_id, request_id, from_day, to_day, desk, known, missing,
    excess, differing, elsewhere)
SELECT concat('mot-cua-', toString(number % 12)),
    fromUnixTimestamp64Milli(toInt64(({now:Int64} - number * 7000) * 1000)), 'k', toString(number),
    toDate(toDateTime({now:Int64})) - 30, toDate(toDateTime({now:Int64})), 900, 890, number % 7, 0,
    3, 0
FROM numbers(12000)
"""
_SOURCES = """
INSERT INTO sources (source, shard, last_log_at, last_occurred_at)
SELECT concat('mot-cua-', toString(intDiv(number, 48))), number % 48, now64(3) - 2, now64(3) - 31
FROM numbers(12 * 48)
"""
_STORED = """
INSERT INTO stored_minutes
SELECT toStartOfMinute(toDateTime({now:Int64} - number * 60, 'Asia/Ho_Chi_Minh')) AS minute,
    toUInt64(900) AS events, quantilesTDigestState(0.5, 0.99)(toFloat32(0.3)) AS seconds
FROM numbers(30 * 1440) GROUP BY minute
"""


def seed_operations(client: Any, shards: int, now: int) -> None:
    """Fill the tables of operations; the alerts are there already.

    Args:
        client: of the writer.
        shards: of the alerts.
        now: the moment at which the province is looked at, epoch seconds.
    """
    for shard in range(shards):
        for statement in (_CASES, _ANSWERS):
            client.command(statement, parameters={"shard": shard, "now": now})
    for statement in (_LETTERS, _MARKS, _RECONCILIATIONS, _STORED):
        client.command(statement, parameters={"now": now})
    client.command(_SOURCES)
