"""Texts of the desk client. Read by Python 3.9 as well, from the one-file client."""

from __future__ import annotations

from schemas.messages import Message, Worded


class DeskText(Worded):
    """The catalogue."""

    FULL = Message(
        "Hàng đợi đã đầy ({used} / {limit} MB): sự kiện KHÔNG được nhận. Hãy khôi phục đường "
        "truyền hoặc tăng giới hạn (--max-megabytes).",
        "The spool is full ({used} of {limit} MB): the event was NOT taken. Bring the line back, "
        "or raise the limit (--max-megabytes).",
    )
    DISK_FULL = Message(
        "Ổ đĩa đã đầy: sự kiện KHÔNG được nhận. Hãy giải phóng ổ đĩa chứa {folder}.",
        "The disk is full: the event was NOT taken. Free space on the disk of {folder}.",
    )
    BUSY = Message(
        "Một tiến trình khác đang gửi từ hàng đợi {folder}.",
        "Another process sends from the spool {folder} already.",
    )
    NO_URL = Message(
        "Chưa có địa chỉ cổng tiếp nhận: dùng --url hoặc đặt IOC_DESK_URL, "
        "ví dụ https://ioc.tinh.gov.vn:8500",
        "No address of the gateway: use --url or set IOC_DESK_URL, "
        "such as https://ioc.tinh.gov.vn:8500",
    )
    BAD_URL = Message(
        'Địa chỉ "{url}" không hợp lệ: cần http(s)://máy[:cổng]',
        'The address "{url}" is wrong: http(s)://host[:port] is needed',
    )
    PLAIN_URL = Message(
        "Không gửi khóa qua http tới {host}: hãy dùng https (hoặc đặt IOC_DESK_ALLOW_PLAIN=1 "
        "trong mạng riêng).",
        "The key is not sent by plain http to {host}: use https (or set IOC_DESK_ALLOW_PLAIN=1 "
        "inside a private network).",
    )
    NO_KEY = Message(
        "Chưa có khóa: dùng --key-file TỆP, hoặc đặt IOC_DESK_KEY_FILE hay IOC_DESK_KEY.",
        "No key: use --key-file FILE, or set IOC_DESK_KEY_FILE or IOC_DESK_KEY.",
    )
    NO_FILE = Message("{path}: không đọc được ({reason})", "{path}: cannot be read ({reason})")
    BAD_SPOOL = Message(
        "Không mở được hàng đợi trong {folder} ({reason}).",
        "The spool in {folder} cannot be opened ({reason}).",
    )
    BAD_FORMAT = Message(
        "{path}: không rõ định dạng; cần .ndjson, .jsonl, .json hoặc .csv",
        "{path}: cannot tell the format; .ndjson, .jsonl, .json or .csv is needed",
    )
    NOT_JSON = Message(
        "Không phải là một đối tượng JSON mã hóa UTF-8; sửa dòng này rồi gửi lại",
        "Not a JSON object in UTF-8; mend the line and send it again",
    )
    TOO_LONG = Message(
        "Dài quá {limit} MB; hãy chia nhỏ rồi gửi lại",
        "Longer than {limit} MB; divide it and send it again",
    )
    NOT_TAKEN = Message("Không nhận tệp: {reason}", "The file was not taken: {reason}")
    NO_COLUMNS = Message(
        "Dòng tiêu đề của tệp CSV phải có các cột {columns}; với dạng khác hãy dùng "
        "ioc push --mapping TỆP",
        "The header of the CSV file must have the columns {columns}; for another shape use "
        "ioc push --mapping FILE",
    )

    TAKEN = Message(
        "Đã nhận {count} sự kiện vào hàng đợi ({again} đã có sẵn, {bad} lỗi).",
        "Took {count} events into the spool ({again} were there already, {bad} bad).",
    )
    SENT = Message(
        "Đã gửi {sent} ({duplicate} đã được nhận trước đó), {rejected} bị từ chối, còn chờ "
        "{waiting}.",
        "Sent {sent} ({duplicate} known before), {rejected} rejected, {waiting} still waiting.",
    )
    WILL_RETRY = Message(
        "Chưa gửi được ({reason}); {waiting} sự kiện nằm an toàn trong hàng đợi, thử lại sau "
        "{seconds} giây.",
        "Not sent ({reason}); {waiting} events are safe in the spool, next attempt in {seconds} s.",
    )
    REFUSED = Message(
        "Cổng tiếp nhận từ chối: {reason}. {waiting} sự kiện vẫn nằm trong hàng đợi.",
        "The gateway refuses: {reason}. {waiting} events stay in the spool.",
    )
    HAS_REJECTS = Message(
        "{count} sự kiện bị từ chối. Xem và sửa: --rejects TỆP, gửi lại: --mend TỆP.",
        "{count} events were rejected. Look and mend: --rejects FILE, send again: --mend FILE.",
    )
    WATCHING = Message(
        "Đang theo dõi thư mục {folder}; nhấn Ctrl-C để dừng.",
        "Watching the folder {folder}; press Ctrl-C to stop.",
    )
    REJECTS_WRITTEN = Message(
        "Đã ghi {count} sự kiện bị từ chối vào {path}. Sửa trường event (hoặc entry) rồi chạy "
        "--mend {path}. Tệp có thể chứa dữ liệu hồ sơ: chỉ chủ tệp được đọc.",
        "Wrote {count} rejected events into {path}. Mend the field event (or entry), then run "
        "--mend {path}. The file may hold data of dossiers: only its owner may read it.",
    )
    MENDED = Message(
        "Đã đưa {count} sự kiện trở lại hàng đợi, {bad} dòng chưa đúng.",
        "Put {count} events back into the spool, {bad} lines are still wrong.",
    )
    STOPPED = Message("Đã dừng; hàng đợi được giữ nguyên.", "Stopped; the spool stays as it is.")

    STATUS_WAITING = Message("Đang chờ gửi", "Waiting")
    STATUS_OLDEST = Message("Chờ lâu nhất từ", "Oldest since")
    STATUS_REJECTED = Message("Bị từ chối", "Rejected")
    STATUS_USED = Message("Dung lượng", "Disk")
    STATUS_SENT = Message("Đã gửi từ trước đến nay", "Sent so far")
    STATUS_LAST_SENT = Message("Gửi thành công lần cuối", "Last success")
    STATUS_LAST_FAULT = Message("Lỗi gần nhất", "Last fault")
    STATUS_SKEW = Message("Đồng hồ máy lệch", "Clock differs")
    SKEW_AHEAD = Message(
        "nhanh {seconds} giây so với máy chủ; hãy chỉnh lại",
        "{seconds} s ahead of the server; set it right",
    )
    SKEW_BEHIND = Message(
        "chậm {seconds} giây so với máy chủ; hãy chỉnh lại",
        "{seconds} s behind the server; set it right",
    )

    LINE_AWAY = Message("đường truyền: {reason}", "the line: {reason}")
    SERVER_BUSY = Message("máy chủ trả lời {status}", "the server answers {status}")
    NOTHING_SAVED = Message("máy chủ chưa ghi nhận được", "the server could not save it yet")
    NO_ANSWER = Message("câu trả lời không đọc được", "the answer cannot be read")
    REDIRECTED = Message(
        "địa chỉ chuyển hướng tới {place}; hãy dùng địa chỉ đó",
        "the address redirects to {place}; use that address",
    )

    RECONCILED = Message(
        "Phần mềm báo {desk} hồ sơ: {known} khớp, IOC thiếu {missing}, thừa {excess}, khác trạng "
        "thái {differing}, thuộc kỳ khác {elsewhere}.",
        "The desk names {desk} dossiers: {known} agree, the IOC lacks {missing}, has {excess} in "
        "excess, {differing} differ in status, {elsewhere} are of another period.",
    )
    COLUMN_KIND = Message("Khác biệt", "Difference")
    COLUMN_DOSSIER = Message("Mã hồ sơ", "Dossier")
    COLUMN_DESK = Message("Phần mềm", "Desk")
    COLUMN_IOC = Message("IOC", "IOC")
    KIND_MISSING = Message("IOC thiếu", "lacking")
    KIND_EXCESS = Message("IOC thừa", "in excess")
    KIND_DIFFERING = Message("khác trạng thái", "other status")
    KIND_ELSEWHERE = Message("kỳ khác", "other period")
    MORE = Message("… và {count} khác biệt nữa (--out TỆP)", "… and {count} more (--out FILE)")

    COLUMN_RECORD = Message("Dòng", "Record")
    COLUMN_STATUS = Message("Trạng thái", "Status")
    COLUMN_AT = Message("Thời điểm", "At")
    COLUMN_UNIT = Message("Đơn vị", "Unit")
    COLUMN_DUE = Message("Hẹn trả", "Due")
    MAPPING_LOSS = Message("Dòng {record}: {reason}", "Record {record}: {reason}")
    MAPPING_UNREAD = Message("Không đọc: {names}", "Not read: {names}")
    MAPPING_DONE = Message(
        "{records} dòng, {events} sự kiện hợp lệ, {losses} chỗ không ánh xạ được.",
        "{records} records, {events} valid events, {losses} that could not be mapped.",
    )
