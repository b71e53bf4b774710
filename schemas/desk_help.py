"""Help texts of `ioc push` and of the one-file client. Read by Python 3.9 as well."""

from __future__ import annotations

from schemas.messages import Message, Worded


class DeskHelp(Worded):
    """The catalogue."""

    PUSH = Message(
        "Gửi sự kiện hồ sơ tới cổng tiếp nhận; mất mạng thì giữ an toàn trong hàng đợi.",
        "Send dossier events to the gateway; without a line they wait safely in the spool.",
    )
    PUSH_FILES = Message(
        "Tệp .ndjson, .jsonl, .json hoặc .csv (sự kiện, hoặc bản tin DongBoHoSoMC); - là đầu vào "
        "chuẩn. Không có tệp: chỉ gửi những gì đang chờ.",
        "Files .ndjson, .jsonl, .json or .csv (events, or DongBoHoSoMC messages); - is standard "
        "input. Without a file: only send what waits.",
    )
    PUSH_WATCH = Message(
        "Theo dõi thư mục này và gửi mọi tệp xuất hiện trong đó, cho đến khi dừng.",
        "Watch this folder and send every file that appears in it, until stopped.",
    )
    PUSH_STATUS = Message("Xem những gì đang chờ gửi.", "Show what is waiting.")
    PUSH_REJECTS = Message(
        "Ghi các sự kiện bị từ chối kèm lý do vào tệp này.",
        "Write rejected events with their reasons into this file.",
    )
    PUSH_MEND = Message(
        "Đọc lại tệp đó sau khi sửa và gửi lại.", "Read that file back after mending, and send."
    )
    PUSH_NO_SEND = Message(
        "Chỉ nhận vào hàng đợi, chưa gửi.", "Only take into the spool, do not send."
    )
    PUSH_WAIT = Message(
        "Chờ cho đến khi gửi hết, kể cả khi mất mạng.",
        "Go on until all is sent, also through outages.",
    )
    PUSH_BACKFILL = Message(
        "Dữ liệu cũ nạp bổ sung: được tính nhưng không cảnh báo từng hồ sơ.",
        "Old data loaded later: counted, but alerts nobody one by one.",
    )
    PUSH_URL = Message(
        "Địa chỉ cổng tiếp nhận (IOC_DESK_URL).", "Address of the gateway (IOC_DESK_URL)."
    )
    PUSH_KEY_FILE = Message(
        "Tệp chứa khóa (IOC_DESK_KEY_FILE).", "File with the key (IOC_DESK_KEY_FILE)."
    )
    PUSH_CA_FILE = Message(
        "Chứng chỉ cần tin cậy, PEM (IOC_DESK_CA_FILE).",
        "Certificate to trust, PEM (IOC_DESK_CA_FILE).",
    )
    PUSH_SPOOL = Message(
        "Thư mục hàng đợi (IOC_DESK_SPOOL); mặc định ioc-spool.",
        "Folder of the spool (IOC_DESK_SPOOL); ioc-spool by default.",
    )
    PUSH_MAX_MEGABYTES = Message(
        "Dung lượng tối đa của hàng đợi (IOC_DESK_MAX_MEGABYTES); mặc định 500.",
        "Most room that the spool may take (IOC_DESK_MAX_MEGABYTES); 500 by default.",
    )
    PUSH_MAPPING = Message(
        "Tệp ánh xạ cho dạng JSON hoặc CSV khác (ioc mapping test).",
        "Mapping file for another shape of JSON or CSV (ioc mapping test).",
    )
    PUSH_LANG = Message("Ngôn ngữ: vi hoặc en.", "Language: vi or en.")
    DESK_FILE = Message(
        "Tạo phần mềm gửi gói trong một tệp, chỉ cần Python 3.9 trở lên.",
        "Write the client as one file that needs nothing but Python 3.9 or later.",
    )
    DESK_FILE_TARGET = Message("Tệp cần ghi.", "File to write.")
    RECONCILE = Message(
        "Đối soát: những hồ sơ phần mềm một cửa có mà IOC thiếu, thừa hoặc khác trạng thái.",
        "Reconcile: dossiers of the desk that the IOC lacks, has in excess, or sees differently.",
    )
    RECONCILE_FILE = Message(
        "Tệp .csv, .ndjson hoặc .json với dossier_id và status (hoặc MaHoSo, TrangThaiHoSo).",
        "File .csv, .ndjson or .json with dossier_id and status (or MaHoSo, TrangThaiHoSo).",
    )
    RECONCILE_FROM = Message("Ngày tiếp nhận đầu kỳ, yyyy-mm-dd.", "First day of receipt.")
    RECONCILE_TO = Message("Ngày tiếp nhận cuối kỳ, yyyy-mm-dd.", "Last day of receipt.")
    RECONCILE_OUT = Message(
        "Ghi mọi khác biệt vào tệp NDJSON này.", "Write every difference into this NDJSON file."
    )
    MAPPING = Message(
        "Ánh xạ dữ liệu dạng khác (JSON, CSV) thành sự kiện.",
        "Mappings of other shapes (JSON, CSV) to events.",
    )
    MAPPING_TEST = Message(
        "Kiểm tra tệp ánh xạ và xem nó biến mẫu dữ liệu thành gì.",
        "Check a mapping file and show what it makes of a sample.",
    )
    MAPPING_SAMPLE = Message("Tệp mẫu, JSON hoặc CSV.", "The sample, JSON or CSV.")
