"""Every text that commands say to people, in Vietnamese and English.

Add a text here, once in each language with the same placeholders, and use it by its name; a test
checks that both are there and agree. Help texts: `schemas.help_texts`.
"""

from __future__ import annotations

import os
from enum import Enum
from typing import NamedTuple

LANGUAGES = ("vi", "en")
DEFAULT_LANGUAGE = "vi"
LANGUAGE_VARIABLE = "IOC_LANGUAGE"


class Message(NamedTuple):
    """One text in both languages; placeholders as in `str.format`."""

    vi: str
    en: str


class Worded(Enum):
    """Base of the catalogues: every member is a `Message`."""

    def in_language(self, language: str, **values: object) -> str:
        """Return the text with its placeholders filled.

        Raises:
            KeyError: a placeholder has no value.
        """
        text: str = self.value.en if language == "en" else self.value.vi
        return text.format(**values) if values else text


class Text(Worded):
    """What commands say."""

    # `ioc up`.
    FOLDER_IN_USE = Message(
        "Thư mục {folder} đang được tiến trình {pid} sử dụng.\n"
        "Dừng tiến trình đó (kill {pid}) hoặc chọn thư mục khác: ioc up --data THƯ_MỤC",
        "The folder {folder} is in use by process {pid}.\n"
        "Stop that process (kill {pid}) or choose another folder: ioc up --data FOLDER",
    )
    PART_STARTING = Message("{part}: đang khởi động", "{part}: starting")
    PART_STILL_STARTING = Message(
        "{part}: vẫn đang khởi động sau {seconds} giây",
        "{part}: still starting after {seconds} s",
    )
    PART_READY = Message("{part}: sẵn sàng", "{part}: ready")
    PART_READY_AGAIN = Message("{part}: hoạt động trở lại", "{part}: works again")
    PART_UNHEALTHY = Message("{part}: không trả lời đúng", "{part}: does not answer well")
    PART_RESTARTING = Message(
        "{part}: đã dừng ({reason}), khởi động lại sau {seconds} giây",
        "{part}: ended ({reason}), starting again in {seconds} s",
    )
    PART_GIVEN_UP = Message(
        "{part}: không khởi động được. {reason}", "{part}: does not start. {reason}"
    )
    PART_STOPPED = Message("{part}: đã dừng", "{part}: stopped")
    KAFKA_FETCH = Message(
        "Kafka: tải khoảng 45 MB, chỉ lần đầu tiên", "Kafka: fetching about 45 MB, only this once"
    )
    STEP_TABLES = Message(
        "Kho dữ liệu: lược đồ {version}, đã chạy {applied} bước nâng cấp",
        "Warehouse: schema {version}, {applied} migrations applied",
    )
    STEP_REFERENCE = Message(
        "Danh mục: {table} phiên bản {version}, {rows} dòng",
        "Reference data: {table} version {version}, {rows} rows",
    )
    STEP_TOPIC = Message("Đã tạo chủ đề {topic}", "Created topic {topic}")
    STEP_RETRY = Message(
        "{reason}; thử lại sau {seconds} giây", "{reason}; trying again in {seconds} s"
    )
    UP_READY = Message(
        "Hệ thống sẵn sàng sau {seconds} giây. Nhấn Ctrl-C để dừng.",
        "The system is ready after {seconds} s. Press Ctrl-C to stop.",
    )
    UP_STOPPING = Message("Đang dừng theo thứ tự …", "Stopping in order …")
    UP_STOPPED = Message("Đã dừng.", "Stopped.")
    UP_WALL = Message("Mở màn hình điều hành: {url}", "Open the wall: {url}")
    SCENARIO_STARTED = Message(
        "Kịch bản {name}: đang phát (nhật ký: {log})", "Scenario {name}: replaying (log: {log})"
    )
    SCENARIO_DONE = Message("Kịch bản {name}: đã phát xong", "Scenario {name}: done")
    SCENARIO_FAILED = Message(
        "Kịch bản {name}: dừng vì lỗi ({reason}), xem {log}",
        "Scenario {name}: failed ({reason}), see {log}",
    )
    TABLE_TITLE = Message("Các thành phần", "What runs where")
    COLUMN_PART = Message("Thành phần", "Part")
    COLUMN_STATE = Message("Trạng thái", "State")
    COLUMN_ADDRESS = Message("Địa chỉ", "Address")
    COLUMN_PID = Message("PID", "PID")
    COLUMN_LOG = Message("Nhật ký", "Log")
    STATE_STARTING = Message("đang khởi động", "starting")
    STATE_READY = Message("sẵn sàng", "ready")
    STATE_UNHEALTHY = Message("không khỏe", "unhealthy")
    STATE_WAITING = Message("chờ khởi động lại", "waits for restart")
    STATE_STOPPED = Message("đã dừng", "stopped")
    STATE_EXTERNAL = Message("máy chủ riêng", "own server")

    # Tables and topics.
    MIGRATION_APPLIED = Message("Đã chạy bước {number}_{name}", "Applied {number}_{name}")
    STEP_REFERENCE_SAME = Message(
        "Danh mục: {table} không đổi, phiên bản {version}, {rows} dòng",
        "Reference data: {table} unchanged, version {version}, {rows} rows",
    )
    TOPICS_ALL_THERE = Message("Mọi chủ đề đã có sẵn.", "All topics exist already.")
    TOPICS_AS_DECLARED = Message("Mọi chủ đề đúng như khai báo.", "All topics are as declared.")
    KAFKA_ACCOUNT = Message(
        "{user}: thêm {granted} quyền, bỏ {taken} quyền.",
        "{user}: {granted} rights granted, {taken} taken away.",
    )
    TOPIC_GROWN = Message(
        "Chủ đề sự kiện: {before} → {after} phân vùng.",
        "Events topic: {before} → {after} partitions.",
    )
    TOPIC_SAME = Message(
        "Chủ đề sự kiện đã có {after} phân vùng.",
        "The events topic has {after} partitions already.",
    )
    COLUMN_TOPIC = Message("Chủ đề", "Topic")
    COLUMN_WHAT = Message("Mục", "What")
    COLUMN_DECLARED = Message("Khai báo", "Declared")
    COLUMN_LIVE = Message("Thực tế", "Live")
    SCHEMA_WRITTEN = Message("Đã ghi {file}", "Wrote {file}")
    SCHEMA_FRESH = Message("{file} khớp với mô hình.", "{file} agrees with the model.")
    SCHEMA_STALE = Message(
        "{file} đã cũ; chạy: ioc schema", "{file} is out of date; run: ioc schema"
    )
    SCHEMA_INCOMPATIBLE = Message(
        "Thay đổi không tương thích với {file}; hãy nâng phiên bản lược đồ:",
        "The change is not compatible with {file}; raise the schema version instead:",
    )

    # Replays and verification.
    SENDING = Message("Đang gửi {name}", "Sending {name}")
    SENT = Message(
        "Đã gửi {count} bản tin trong {seconds} giây.", "Sent {count} records in {seconds} s."
    )
    RESUMED = Message(
        "Tiếp tục sau dòng {line} của lần gửi trước.", "Went on after line {line} of the last run."
    )
    REJECTED = Message(
        "{count} dòng bị từ chối, lý do ghi ở {file}", "{count} lines rejected, reasons in {file}"
    )
    SCENARIO_EXPECTED = Message("Số liệu mong đợi của {title}", "Expected figures of {title}")
    COLUMN_FIGURE = Message("Chỉ tiêu", "Figure")
    COLUMN_VALUE = Message("Giá trị", "Value")
    COLUMN_NAME = Message("Tên", "Name")
    COLUMN_TITLE = Message("Nội dung", "Title")
    VERIFYING = Message("Đang tính lại số liệu", "Recomputing the figures")

    # Accounts of the wall.
    PASSWORD = Message("Mật khẩu", "Password")
    USER_ADDED = Message("Đã thêm {name} vào {file}", "Added {name} to {file}")
    USER_CHANGED = Message("Đã đổi mật khẩu của {name}", "Changed the password of {name}")
    USER_REMOVED = Message("Đã xóa {name}", "Removed {name}")
    USER_UNKNOWN = Message("Không có tài khoản {name}", "There is no account {name}")

    # Dead letters.
    NO_LETTERS = Message("Không có bản tin nào đang chờ.", "No letter waits.")
    LETTERS_TITLE = Message("Bản tin đang chờ: {count}", "Letters that wait: {count}")
    COLUMN_ID = Message("Mã", "Id")
    COLUMN_TIME = Message("Thời điểm", "Time")
    COLUMN_SOURCE = Message("Nguồn", "Source")
    COLUMN_REASON = Message("Lý do", "Reason")
    LETTER_STATE = Message(
        "{letter}: {code}, {reason} (nguồn: {source}, trạng thái: {state})",
        "{letter}: {code}, {reason} (source: {source}, state: {state})",
    )
    REDRIVEN = Message("Đã gửi lại {count} bản tin.", "Sent {count} letters again.")
    REDRIVE_WHAT = Message("Hãy nêu mã bản tin, hoặc dùng --all.", "Name letters, or say --all.")
    KEY_WRITTEN = Message(
        "Đã tạo khóa {file}; đặt IOC_WORKER_DEAD_LETTER_KEY_FILE={file} và cất giữ cẩn thận.",
        "Made the key {file}; set IOC_WORKER_DEAD_LETTER_KEY_FILE={file} and keep it safe.",
    )


def chosen_language(option: str | None = None) -> str:
    """Return the language of the option, else of IOC_LANGUAGE, else Vietnamese."""
    wanted = option or os.environ.get(LANGUAGE_VARIABLE, DEFAULT_LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE
