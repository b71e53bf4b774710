"""How far the figures are complete, and how the pipeline does."""

from __future__ import annotations

from dashboards.panel import Column, Figure, Kind, Level, Link, Panel, Place, Threshold, Unit
from schemas.gateway_texts import Fault
from schemas.messages import Message

PIPELINE_COLUMNS = (
    Column("partitions", Unit.RECORDS),
    Column("reporting", Unit.RECORDS),
    Column("reported_at", Unit.INSTANT),
    Column("complete_up_to", Unit.INSTANT),
    Column("lag", Unit.RECORDS),
    Column("events_per_second", Unit.PER_SECOND),
    Column("stalled", Unit.RECORDS),
)
COMPLETE = Figure(
    "complete_up_to",
    Message("Đủ dữ liệu đến", "Complete up to"),
    Message(
        "Mọi sự kiện mà Kafka nhận đến thời điểm này đã nằm trong các con số.",
        "Every event that Kafka got up to this moment is in the figures.",
    ),
)
LAG = Figure(
    "lag",
    Message("Sự kiện đang chờ", "Events waiting"),
    Message(
        "Số sự kiện Kafka đã nhận mà kho dữ liệu chưa ghi.",
        "Events that Kafka has and the warehouse has not.",
    ),
    thresholds=(Threshold(10_000, Level.NOTICE),),
    link=Link("pipeline"),
)
RATE = Figure(
    "events_per_second",
    Message("Sự kiện mỗi giây", "Events a second"),
    Message(
        "Số sự kiện ghi vào kho trong mỗi giây vừa qua.",
        "Events stored in each of the last seconds.",
    ),
)
PIPELINE = Panel(
    id="pipeline",
    title=Message("Luồng dữ liệu", "Data flow"),
    definition=Message(
        "Mọi sự kiện mà Kafka nhận đến thời điểm này đã nằm trong các con số.",
        "Every event that Kafka got up to this moment is in the figures.",
    ),
    sql="pipeline",
    kind=Kind.FACTS,
    place=Place(19, 21, 5, 3),
    columns=PIPELINE_COLUMNS,
    figures=(COMPLETE, LAG),
)

HEALTH = Panel(
    id="health",
    title=Message("Luồng dữ liệu", "Data flow"),
    definition=Message(
        "Trạng thái của mọi phân vùng thuộc đợt mới nhất của chủ đề Kafka.",
        "State of every partition of the newest life of the Kafka topic.",
    ),
    sql="pipeline",
    kind=Kind.FIGURES,
    place=Place(0, 0, 14, 7),
    columns=PIPELINE_COLUMNS,
    figures=(
        RATE,
        LAG,
        Figure(
            "stalled",
            Message("Phân vùng bị đứng", "Stalled partitions"),
            Message(
                "Số phân vùng có vị trí đứng yên trong khi sự kiện chờ tăng lên, trên số phân "
                "vùng của chủ đề.",
                "Partitions whose position stands still while events wait, of the topic's "
                "partitions.",
            ),
            note=Message(
                "trên {partitions} phân vùng, {reporting} đang báo cáo",
                "of {partitions} partitions, {reporting} report",
            ),
            thresholds=(Threshold(1, Level.ALARM),),
        ),
    ),
    large=True,
)
LATENCY = Panel(
    id="latency",
    title=Message("Độ trễ đầu cuối", "End-to-end latency"),
    definition=Message(
        "Thời gian từ lúc Kafka nhận đến lúc sự kiện nằm trong nhật ký, trên mọi sự kiện của năm "
        "phút gần nhất có sự kiện.",
        "Time from Kafka's receipt until the event is in the audit log, of all events of the last "
        "five minutes that had any.",
    ),
    sql="latency",
    kind=Kind.FIGURES,
    place=Place(14, 0, 10, 7),
    columns=(
        Column("events", Unit.RECORDS),
        Column("p50_seconds", Unit.SECONDS),
        Column("p99_seconds", Unit.SECONDS),
        Column("newest_minute", Unit.INSTANT),
    ),
    figures=(
        Figure(
            "p50_seconds",
            Message("Độ trễ trung vị (p50)", "Median latency (p50)"),
            Message(
                "Một nửa số sự kiện được ghi nhanh hơn mức này.",
                "Half of the events were stored faster than this.",
            ),
            note=Message("{events} sự kiện", "{events} events"),
            thresholds=(Threshold(0.3, Level.NOTICE),),
        ),
        Figure(
            "p99_seconds",
            Message("Độ trễ phân vị 99 (p99)", "99th percentile of latency (p99)"),
            Message(
                "99 % số sự kiện được ghi nhanh hơn mức này.",
                "99 % of the events were stored faster than this.",
            ),
            note=Message("đến {newest_minute}", "up to {newest_minute}"),
            thresholds=(Threshold(1, Level.NOTICE), Threshold(10, Level.ALARM)),
        ),
    ),
    large=True,
)
STORED_EVENTS = Panel(
    id="stored_events",
    title=Message("Sự kiện mỗi giây", "Events a second"),
    definition=Message(
        "Sự kiện ghi vào nhật ký mỗi giây, trung bình theo phút, hai giờ gần nhất.",
        "Events stored in the audit log each second, averaged by minute, the last two hours.",
    ),
    sql="stored_events",
    kind=Kind.SERIES,
    place=Place(0, 7, 14, 10),
    columns=(
        Column("at", Unit.INSTANT),
        Column("events_per_second", Unit.PER_SECOND, Message("Sự kiện/giây", "Events/s")),
        Column("p50_seconds", Unit.SECONDS),
        Column("p99_seconds", Unit.SECONDS),
    ),
)
PARTITIONS = Panel(
    id="partitions",
    title=Message("Phân vùng", "Partitions"),
    definition=Message(
        "Lời báo mới nhất của tiến trình xử lý cho từng phân vùng.",
        "What the worker of each partition said last.",
    ),
    sql="partitions",
    kind=Kind.TABLE,
    place=Place(14, 7, 10, 10),
    columns=(
        Column("partition", Unit.TEXT, Message("Phân vùng", "Partition")),
        Column("worker", Unit.TEXT),
        Column("reported_at", Unit.INSTANT, Message("Báo cáo lúc", "Reported")),
        Column("lag", Unit.RECORDS, Message("Đang chờ", "Waiting")),
        Column("events_per_second", Unit.PER_SECOND, Message("Sự kiện/giây", "Events/s")),
        Column("stalled", Unit.RECORDS),
    ),
)
SOURCES = Panel(
    id="sources",
    title=Message("Nguồn dữ liệu", "Sources"),
    definition=Message(
        "Lần nhận cuối của từng nguồn, độ trễ từ lúc xảy ra đến lúc nhận, đồng hồ của phần mềm "
        "nhanh (âm: chậm) bao nhiêu so với ở đây, và bản tin lỗi của nguồn trong kỳ.",
        "When each source was heard last, how long after it happened, how far the software's clock "
        "is ahead of this one (negative: behind), and the source's unreadable records in the "
        "period.",
    ),
    sql="sources",
    kind=Kind.TABLE,
    place=Place(0, 17, 13, 13),
    columns=(
        Column("source", Unit.TEXT, Message("Nguồn", "Source")),
        Column("last_event_at", Unit.INSTANT, Message("Nhận cuối", "Last heard")),
        Column("silent_seconds", Unit.SECONDS),
        Column("delay_seconds", Unit.SECONDS, Message("Đến trễ", "Came after")),
        Column("clock_ahead_seconds", Unit.SECONDS, Message("Đồng hồ nhanh", "Clock ahead")),
        Column("rejected", Unit.RECORDS, Message("Lỗi trong kỳ", "Unreadable")),
        Column("open_letters", Unit.RECORDS, Message("Chờ xử lý", "Still open")),
    ),
)
#: Of the codes that a worker files letters under; single values stand in the letter itself.
_REASONS = {
    "not_json": Fault.NOT_JSON.value.text,
    "missing_field": Message("Thiếu trường bắt buộc", "A required field is missing"),
    "bad_time": Message("Thời gian sai định dạng", "A time is not in its format"),
    "future_time": Message("Thời điểm ở tương lai", "The time lies in the future"),
    "bad_status": Message("Trạng thái không hợp lệ (chỉ 1–10)", "Status is not valid (only 1-10)"),
    "bad_value": Message("Giá trị không hợp lệ", "A value is not valid"),
    "unknown_unit": Message("Mã đơn vị không có trong danh mục", "No unit has that code"),
    "unexpected": Message("Lỗi chưa lường trước khi xử lý", "An error that nobody expected"),
}
REJECTS = Panel(
    id="rejects",
    title=Message("Bản tin lỗi theo lý do", "Unreadable records by reason"),
    definition=Message(
        "Bản tin không đọc được, Kafka nhận trong kỳ, theo nguồn và lý do.",
        "Records that could not be read, received in the period, by source and reason.",
    ),
    sql="rejects",
    kind=Kind.TABLE,
    place=Place(13, 17, 11, 5),
    columns=(
        Column("source", Unit.TEXT, Message("Nguồn", "Source")),
        Column("code", Unit.TEXT, Message("Lý do", "Reason"), labels=_REASONS),
        Column("rejected", Unit.RECORDS, Message("Trong kỳ", "In the period")),
        Column("open_letters", Unit.RECORDS, Message("Chờ xử lý", "Still open")),
        Column("newest_at", Unit.INSTANT, Message("Mới nhất", "Newest")),
    ),
)
RECONCILIATIONS = Panel(
    id="reconciliations",
    title=Message("Đối soát với phần mềm một cửa", "Reconciliation with the desks"),
    definition=Message(
        "Lần đối soát gần nhất của từng nguồn: hồ sơ phần mềm một cửa có mà ở đây thiếu, ở đây "
        "thừa, hoặc khác trạng thái, trên số hồ sơ phần mềm báo của kỳ đối soát.",
        "Each source's newest reconciliation: dossiers that the desk has and are lacking here, "
        "are here in excess, or differ in status, of those that the desk named for the period.",
    ),
    sql="reconciliations",
    kind=Kind.TABLE,
    place=Place(13, 22, 11, 5),
    columns=(
        Column("source", Unit.TEXT, Message("Nguồn", "Source")),
        Column("compared_at", Unit.INSTANT, Message("Lúc", "At")),
        Column("first_day", Unit.DAY),
        Column("last_day", Unit.DAY, Message("Đến ngày", "Up to")),
        Column("held", title=Message("Phần mềm báo", "Desk has")),
        Column("lacking", title=Message("Thiếu", "Lacking")),
        Column("in_excess", title=Message("Thừa", "In excess")),
        Column("differing_status", title=Message("Khác trạng thái", "Differing")),
    ),
)
