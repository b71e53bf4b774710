"""How far the figures are complete, and what waits for people."""

from __future__ import annotations

from dashboards.panel import Column, Figure, Kind, Level, Panel, Place, Threshold, Unit
from schemas.messages import Message

PIPELINE = Panel(
    id="pipeline",
    title=Message("Luồng dữ liệu", "Data flow"),
    definition=Message(
        "Mọi sự kiện mà Kafka nhận đến thời điểm này đã nằm trong các con số.",
        "Every event that Kafka got up to this moment is in the figures.",
    ),
    sql="pipeline",
    kind=Kind.FACTS,
    place=Place(19, 22, 5, 4),
    columns=(
        Column("partitions", Unit.RECORDS),
        Column("reporting", Unit.RECORDS),
        Column("reported_at", Unit.INSTANT),
        Column("complete_up_to", Unit.INSTANT),
        Column("lag", Unit.RECORDS),
        Column("events_per_second", Unit.PER_SECOND),
        Column("stalled", Unit.RECORDS),
    ),
    figures=(
        Figure(
            "complete_up_to",
            Message("Đủ dữ liệu đến", "Complete up to"),
            Message(
                "Mọi sự kiện mà Kafka nhận đến thời điểm này đã nằm trong các con số.",
                "Every event that Kafka got up to this moment is in the figures.",
            ),
        ),
        Figure(
            "lag",
            Message("Sự kiện đang chờ", "Events waiting"),
            Message(
                "Số sự kiện Kafka đã nhận mà kho dữ liệu chưa ghi.",
                "Events that Kafka has and the warehouse has not.",
            ),
            thresholds=(Threshold(10_000, Level.NOTICE),),
        ),
        Figure(
            "events_per_second",
            Message("Sự kiện mỗi giây", "Events a second"),
            Message(
                "Số sự kiện ghi vào kho trong mỗi giây vừa qua.",
                "Events stored in each of the last seconds.",
            ),
        ),
    ),
)
ATTENTION = Panel(
    id="attention",
    title=Message("Cảnh báo", "Alerts"),
    definition=Message(
        "Cảnh báo có thời điểm vượt mốc trong kỳ; bản tin lỗi chưa xử lý tính đến nay.",
        "Alerts whose moment lies in the period; unreadable records that are still open.",
    ),
    sql="attention",
    kind=Kind.FACTS,
    place=Place(19, 26, 5, 4),
    columns=(
        Column("alerts_late"),
        Column("alerts_soon"),
        Column("dead_letters", Unit.RECORDS),
    ),
    figures=(
        Figure(
            "alerts_late",
            Message("Cảnh báo quá hạn trong kỳ", "Overdue alerts"),
            Message(
                "Số cảnh báo quá hạn (cả tiếp nhận và liên thông) có thời điểm vượt hạn trong kỳ.",
                "Alerts of overdue files (receipts and legs too) whose moment lies in the period.",
            ),
        ),
        Figure(
            "dead_letters",
            Message("Bản tin không đọc được", "Unreadable records"),
            Message(
                "Số bản tin lỗi đang chờ xử lý.",
                "Records that could not be read and are not dealt with.",
            ),
            thresholds=(Threshold(1, Level.NOTICE),),
        ),
    ),
)

PANELS = (PIPELINE, ATTENTION)
