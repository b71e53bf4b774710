"""`live_dossiers` and its like: fed by ClickHouse's own views, filled up and tidied here."""

from __future__ import annotations

from clickhouse_connect.driver.client import Client

#: So many rows of finished dossiers may lie in `live_dossiers`, and half as many as it has others.
_CLOSED_ROWS = 50_000

_MISSING = """
SELECT (SELECT sum(n) FROM open_cells) != (SELECT count() FROM live_dossiers FINAL),
       (SELECT count() FROM alerts FINAL) != (SELECT count() FROM alert_times FINAL)
"""
# The same columns as the views of migration 0004.
_FILL_LIVE = """
INSERT INTO live_dossiers
WITH arrayFirst(each -> tupleElement(each, 'ended_at') = 0, legs) AS runs
SELECT
    shard, dossier_id, version, toUInt8(1 - live) AS closed, phase, status, receiver, authority,
    handler, procedure, field, channel, registered_at, received_at, due_at, apologised,
    paused_since, alarm_at, tupleElement(runs, 'number') AS leg,
    tupleElement(runs, 'unit') AS leg_unit, tupleElement(runs, 'late_from') AS leg_late_from,
    last_event_at
FROM dossiers FINAL
WHERE live = 1 OR (shard, dossier_id) IN (SELECT shard, dossier_id FROM live_dossiers FINAL)
SETTINGS async_insert = 0
"""
_FILL_SIGNS = """
INSERT INTO unit_signs
SELECT receiver, source,
    toUInt64(max(least(dossiers.last_event_at, toUnixTimestamp(now()))))
FROM dossiers WHERE receiver != '' GROUP BY receiver, source
SETTINGS async_insert = 0
"""
_FILL_ALERTS = """
INSERT INTO alert_times
SELECT crossed_at, shard, alert_id, rule, dossier_id, about_at, raised_at, authority, handler, leg,
    digest
FROM alerts FINAL
SETTINGS async_insert = 0
"""
_ROWS = "SELECT countIf(closed = 1), countIf(closed = 0) FROM live_dossiers"


def fill_lists(client: Client) -> None:
    """Write what the lists lack, as when the tables are younger than the dossiers.

    Rows that stand already do no harm. Blocks for some scans.
    """
    lacks_live, lacks_alerts = client.query(_MISSING).result_rows[0]
    if lacks_live:
        client.command(_FILL_LIVE)
        client.command(_FILL_SIGNS)
    if lacks_alerts:
        client.command(_FILL_ALERTS)


def tidy_lists(client: Client) -> None:
    """Remove the rows of finished dossiers when there are many; blocks while it does.

    The whole table becomes one part, so no older row of a removed dossier stays behind. A row
    that a worker without its partition wrote afterwards would show a finished dossier in a list
    until the worker's start fills the lists again; figures do not come from here.
    """
    closed, others = client.query(_ROWS).result_rows[0]
    if closed > _CLOSED_ROWS + others // 2:
        client.command("OPTIMIZE TABLE live_dossiers FINAL CLEANUP")
