"""What the page reads. Everything is of the keys that have no more units than the caller's."""

from __future__ import annotations

from dashboards.query import Query

#: Keys of one source may belong to different communes; these are the ones that the caller covers,
#: so that a rotated key's past stays visible and a neighbour's does not appear.
_KEYS = """
(SELECT key_id FROM gateway_keys WHERE source = {source:String} GROUP BY key_id
 HAVING hasAll({units:Array(String)}, argMax(units, version))
    AND argMax(sandbox, version) = {sandbox:UInt8})
"""
_OF_KEYS = frozenset({"source", "units", "sandbox"})

USE = Query(
    "page_use",
    f"""
SELECT
    sum(accepted) AS accepted, sum(duplicate) AS duplicate, sum(rejected) AS rejected
FROM gateway_use FINAL
WHERE minute >= now() - INTERVAL 1 DAY AND source = {{source:String}} AND key_id IN {_KEYS}
""",
    _OF_KEYS,
)
HEARD = Query(
    "page_heard",
    f"""
SELECT toUnixTimestamp(max(minute)) AS at
FROM gateway_use FINAL
WHERE accepted + duplicate > 0 AND source = {{source:String}} AND key_id IN {_KEYS}
""",
    _OF_KEYS,
)
SKEW = Query(
    "page_skew",
    f"""
SELECT skew_ms, toUnixTimestamp64Milli(at) AS at_ms
FROM gateway_skew FINAL
WHERE source = {{source:String}} AND key_id IN {_KEYS}
ORDER BY at DESC
LIMIT 1
""",
    _OF_KEYS,
)
REJECTS = Query(
    "page_rejects",
    f"""
SELECT
    toUnixTimestamp64Milli(at) AS at_ms, request_id, item_index, code, field, value, event_id,
    dossier_id, item
FROM gateway_rejects
WHERE source = {{source:String}} AND key_id IN {_KEYS}
ORDER BY at DESC, item_index
LIMIT {{rows:UInt32}}
""",
    _OF_KEYS | {"rows"},
)
RECONCILED = Query(
    "page_reconciled",
    f"""
SELECT
    toUnixTimestamp64Milli(at) AS at_ms, toString(from_day) AS from_day, toString(to_day) AS to_day,
    desk, known, missing, excess, differing
FROM reconciliations FINAL
WHERE source = {{source:String}} AND key_id IN {_KEYS}
ORDER BY at DESC
LIMIT 1
""",
    _OF_KEYS,
)
#: The newest of a source, from the hours before it was heard last.
EVENTS = Query(
    "page_events",
    """
SELECT
    shard, dossier_id, event_id, status, toUnixTimestamp64Milli(occurred_at) AS occurred_ms,
    toUnixTimestamp64Milli(log_at) AS at_ms
FROM dossier_events
WHERE source = {source:String}
    AND log_at >= (SELECT max(last_log_at) - INTERVAL 1 DAY FROM sources
                   WHERE source = {source:String})
    AND ({everything:UInt8} = 1 OR receiver IN {units:Array(String)}
         OR authority IN {units:Array(String)} OR handler IN {units:Array(String)}
         OR receiver IS NULL AND authority IS NULL AND handler IS NULL)
ORDER BY log_at DESC, event_id
LIMIT 200
""",
    frozenset({"source", "everything", "units"}),
)
OWNERS = Query(
    "page_owners",
    """
SELECT dossier_id
FROM dossiers FINAL
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))}
    AND ({everything:UInt8} = 1 OR receiver IN {units:Array(String)}
         OR authority IN {units:Array(String)} OR handler IN {units:Array(String)})
""",
    frozenset({"wanted", "everything", "units"}),
)
#: Which rejected events came in a better form since.
MENDED = Query(
    "page_mended",
    """
SELECT dossier_id, event_id
FROM dossier_events
WHERE (shard, dossier_id) IN {wanted:Array(Tuple(UInt8, String))} AND source = {source:String}
""",
    frozenset({"wanted", "source"}),
)
