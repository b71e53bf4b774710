"""Every text of the command line for people, in Vietnamese and English.

Add a text here, once in each language with the same placeholders, and use it by its name; a test
checks that both are there and agree.
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


class Text(Enum):
    """The catalogue."""

    # Help of commands and options.
    HELP_IOC = Message(
        "Trung tâm điều hành thông minh: tiếp nhận sự kiện hồ sơ, tính số liệu, hiển thị.",
        "Intelligent Operation Centre: takes in dossier events, computes figures, shows them.",
    )
    HELP_LANG = Message("Ngôn ngữ: vi hoặc en.", "Language: vi or en.")
    HELP_DATA = Message(
        "Thư mục dữ liệu của các máy chủ nhúng, nhật ký và khóa.",
        "Folder of the embedded engines' data, logs and keys.",
    )
    HELP_UP = Message(
        "Khởi động toàn bộ hệ thống và giữ cho nó chạy.",
        "Start the whole system and keep it running.",
    )
    HELP_WORKERS = Message("Số tiến trình xử lý.", "Number of worker processes.")
    HELP_UP_SCENARIO = Message(
        "Phát lại kịch bản này khi hệ thống đã sẵn sàng.",
        "Replay this scenario once the system is ready.",
    )
    HELP_SPEED = Message(
        "Phát nhanh gấp bao nhiêu lần thời gian thật; 0 = nhanh nhất có thể.",
        "How many times faster than real time; 0 = as fast as possible.",
    )
    HELP_SHIFT = Message(
        "Dời kịch bản về hiện tại, hoặc giữ nguyên ngày tháng.",
        "Shift the scenario onto the present, or keep its dates.",
    )
    HELP_ONCE = Message(
        "Dừng lại khi đã sẵn sàng và đã lưu hết sự kiện của kịch bản.",
        "Stop again when all is ready and the scenario's events are stored.",
    )
    HELP_WORKER = Message(
        "Chạy một tiến trình xử lý ở cửa sổ này.", "Run one worker in this terminal."
    )
    HELP_WALL = Message(
        "Chạy trang màn hình điều hành ở cửa sổ này.", "Run the wall page in this terminal."
    )
    HELP_MIGRATE = Message(
        "Tạo hoặc nâng cấp các bảng của kho dữ liệu và nạp danh mục.",
        "Create or upgrade the warehouse's tables and publish the reference data.",
    )
    HELP_TOPICS = Message("Các chủ đề Kafka.", "The Kafka topics.")
    HELP_TOPICS_CREATE = Message("Tạo các chủ đề còn thiếu.", "Create the topics that are missing.")
    HELP_TOPICS_CHECK = Message(
        "So sánh các chủ đề với khai báo.", "Compare the topics with their declaration."
    )
    HELP_TOPICS_GROW = Message(
        "Thêm phân vùng cho chủ đề sự kiện.", "Give the events topic more partitions."
    )
    HELP_PARTITIONS = Message(
        "Số phân vùng mới; phải là ước của 48.", "The new count; must divide 48."
    )
    HELP_REPLAY = Message(
        "Gửi các sự kiện của một tệp vào Kafka.", "Send the events of a file to Kafka."
    )
    HELP_REPLAY_FILE = Message(
        "NDJSON, CSV hoặc Excel, có thể nén .gz; sự kiện hoặc thông điệp DongBoHoSoMC.",
        "NDJSON, CSV or Excel, perhaps .gz; events or DongBoHoSoMC messages.",
    )
    HELP_RESUME = Message(
        "Tiếp tục từ chỗ đã dừng, hoặc bắt đầu lại.", "Go on where it stopped, or start afresh."
    )
    HELP_SCENARIO = Message(
        "Phát lại một kịch bản có số liệu đã công bố.",
        "Replay a scenario whose figures were published.",
    )
    HELP_SCENARIO_NAME = Message(
        "Tên kịch bản; bỏ trống để xem danh sách.", "Name of the scenario; none lists them."
    )
    HELP_SEED = Message(
        "Số khởi tạo; cùng số thì cùng sự kiện.", "Seed; the same seed gives the same events."
    )
    HELP_SPOIL = Message(
        "Cố ý làm hỏng dòng sự kiện theo cách này (có thể lặp lại).",
        "Spoil the stream in this way on purpose (may be repeated).",
    )
    HELP_VERIFY = Message(
        "Tính lại mọi số liệu từ nhật ký sự kiện và so sánh.",
        "Recompute every figure from the audit log and compare.",
    )
    HELP_DOCTOR = Message(
        "Kiểm tra hệ thống và cho biết cần làm gì.", "Examine the system and say what to do."
    )
    HELP_DEAD_LETTERS = Message("Các bản tin không đọc được.", "Records that could not be read.")
    HELP_DEAD_LIST = Message("Liệt kê các bản tin đang chờ.", "List the letters that wait.")
    HELP_DEAD_SHOW = Message(
        "Giải mã và hiện một bản tin (có thể có dữ liệu cá nhân).",
        "Decrypt and show one letter (it may hold personal data).",
    )
    HELP_DEAD_REDRIVE = Message(
        "Gửi lại sau khi đã khắc phục nguyên nhân.", "Send again after the cause is mended."
    )
    HELP_LETTER = Message("Mã bản tin.", "Id of the letter.")
    HELP_LETTERS = Message("Mã các bản tin.", "Ids of letters.")
    HELP_ALL = Message("Tất cả các bản tin đang chờ.", "All letters that wait.")
    HELP_CODE = Message("Chỉ những bản tin có mã lỗi này.", "Only letters with this reason code.")
    HELP_LIMIT = Message("Số dòng nhiều nhất.", "Number of lines at most.")
    HELP_SCHEMA = Message(
        "Ghi lược đồ JSON của sự kiện hồ sơ.", "Write the JSON Schema of dossier events."
    )
    HELP_SCHEMA_CHECK = Message(
        "Chỉ kiểm tra tệp đã có; không ghi.", "Only check the file that is there; write nothing."
    )
    HELP_OUTPUT = Message("Tệp để ghi.", "File to write.")

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

    def in_language(self, language: str, **values: object) -> str:
        """Return the text with its placeholders filled.

        Raises:
            KeyError: a placeholder has no value.
        """
        text = self.value.en if language == "en" else self.value.vi
        return text.format(**values) if values else text


def chosen_language(option: str | None = None) -> str:
    """Return the language of the option, else of IOC_LANGUAGE, else Vietnamese."""
    wanted = option or os.environ.get(LANGUAGE_VARIABLE, DEFAULT_LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE
