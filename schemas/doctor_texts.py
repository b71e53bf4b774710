"""What `ioc doctor` says, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class Doctor(Worded):
    """The catalogue: what was looked at, what was seen, and (`CURE_…`) what to do."""

    VERSIONS = Message("Phiên bản", "Versions")
    UP = Message("Hệ thống nhúng", "Embedded system")
    SECRETS = Message("Mật khẩu và khóa", "Secrets")
    KAFKA = Message("Kafka", "Kafka")
    TOPICS = Message("Chủ đề", "Topics")
    LAG = Message("Độ trễ xử lý", "Lag")
    ALERTS = Message("Cảnh báo", "Alerts")
    CLICKHOUSE = Message("ClickHouse", "ClickHouse")
    CLOCK = Message("Đồng hồ", "Clock")
    SCHEMA = Message("Lược đồ bảng", "Tables")
    READER = Message("Tài khoản chỉ đọc", "Read-only user")
    REFERENCE = Message("Danh mục", "Reference data")
    LETTERS = Message("Bản tin lỗi", "Dead letters")
    VALUE = Message("{value}", "{value}")
    ERROR = Message("{error}", "{error}")
    UP_RUNS = Message(
        "ioc up đang chạy trên {folder} (tiến trình {pid})",
        "ioc up runs on {folder} (process {pid})",
    )
    UP_NOT = Message("không có ioc up nào chạy trên {folder}", "no ioc up runs on {folder}")
    SECRETS_WELL = Message("đọc được, người khác không đọc được", "readable, and by nobody else")
    NO_KEY = Message("chưa đặt khóa mã hóa bản tin lỗi", "no key for dead letters is set")
    NO_ADDRESS = Message("chưa đặt địa chỉ", "no address is set")
    KAFKA_WELL = Message(
        "{address}, phiên bản {version}, {brokers} máy chủ",
        "{address}, version {version}, {brokers} brokers",
    )
    TOPIC_MISSING = Message("thiếu chủ đề {topic}", "the topic {topic} is missing")
    TOPIC_DIFFERS = Message(
        "{topic}: {what} là {live}, khai báo {declared}",
        "{topic}: {what} is {live}, declared is {declared}",
    )
    LAG_WELL = Message("{lag} sự kiện đang chờ", "{lag} events wait")
    LAGGING = Message(
        "{lag} sự kiện đang chờ (theo phân vùng: {partitions})",
        "{lag} events wait (by partition: {partitions})",
    )
    STALLED = Message(
        "phân vùng {partition} đứng yên với {lag} sự kiện chờ",
        "partition {partition} stands still with {lag} events waiting",
    )
    ALERTS_REFUSED = Message(
        "phân vùng {partition}: Kafka không nhận cảnh báo; sự kiện vẫn được xử lý",
        "partition {partition}: Kafka does not take its alerts; events go on",
    )
    CLICKHOUSE_WELL = Message("{address}, phiên bản {version}", "{address}, version {version}")
    CLOCK_OFF = Message("lệch {seconds} giây so với ClickHouse", "{seconds} s off ClickHouse's")
    CLOCK_WELL = Message(
        "lệch không quá {seconds} giây so với ClickHouse", "at most {seconds} s off ClickHouse's"
    )
    KAFKA_CLOCK_OFF = Message(
        "lệch ít nhất {seconds} giây so với Kafka", "at least {seconds} s off Kafka's"
    )
    KAFKA_CLOCK_WELL = Message(
        "lệch không quá {seconds} giây so với Kafka", "at most {seconds} s off Kafka's"
    )
    KAFKA_CLOCK_QUIET = Message(
        "chưa so được với Kafka: không có sự kiện nào đến trong {seconds} giây",
        "not compared with Kafka's: no event came within {seconds} s",
    )
    KAFKA_CLOCK_UNREAD = Message(
        "chưa so được với Kafka: {error}", "not compared with Kafka's: {error}"
    )
    SCHEMA_NEWER = Message(
        "kho dữ liệu ở {live}, bản cài đặt này chỉ biết {declared}",
        "the warehouse is at {live}, this release knows {declared}",
    )
    SCHEMA_OLD = Message(
        "kho dữ liệu ở {live}, cần {declared}", "the warehouse is at {live}, needed is {declared}"
    )
    SCHEMA_CHANGED = Message(
        "tệp {name} đã thay đổi sau khi chạy", "the file {name} changed after it was applied"
    )
    SCHEMA_DIFFERS = Message("{difference}", "{difference}")
    SCHEMA_WELL = Message(
        "{live}, đúng như khai báo {declared}", "{live}, as declared by {declared}"
    )
    READER_WELL = Message("{user} đăng nhập được", "{user} can log in")
    REFERENCE_WELL = Message("đúng như các tệp", "as in the files")
    REFERENCE_OLD = Message("khác với các tệp: {tables}", "differs from the files: {tables}")
    GOOD = Message("Không có gì phải làm ngay.", "Nothing needs doing now.")
    BAD = Message("Có việc phải làm, xem ở trên.", "There is something to do, see above.")
    CURE_SECRETS = Message(
        "sửa tệp nêu trên; chỉ chủ sở hữu được đọc (chmod 600)",
        "mend the file named above; only its owner may read it (chmod 600)",
    )
    CURE_NO_KEY = Message(
        "tạo khóa: ioc dead-letters new-key TỆP", "make one: ioc dead-letters new-key FILE"
    )
    CURE_NO_KAFKA = Message(
        "chạy: ioc up, hoặc đặt IOC_KAFKA_BOOTSTRAP=máy:cổng",
        "run: ioc up, or set IOC_KAFKA_BOOTSTRAP=host:port",
    )
    CURE_KAFKA = Message(
        "kiểm tra Kafka có chạy và IOC_KAFKA_BOOTSTRAP có đúng không",
        "check that Kafka runs and that IOC_KAFKA_BOOTSTRAP is right",
    )
    CURE_TOPICS = Message("chạy: ioc topics create", "run: ioc topics create")
    CURE_PARTITIONS = Message(
        "đặt IOC_KAFKA_PARTITIONS={live}, hoặc thêm phân vùng: ioc topics grow {declared}",
        "set IOC_KAFKA_PARTITIONS={live}, or add partitions: ioc topics grow {declared}",
    )
    CURE_CONFIG = Message(
        "sửa cấu hình chủ đề trên Kafka: {what}={declared}",
        "change the topic's setting on Kafka: {what}={declared}",
    )
    CURE_LAG = Message(
        "xem bộ xử lý có chạy không; thêm bộ xử lý nếu độ trễ còn tăng: ioc up --workers 2",
        "see whether workers run; add some if the lag grows: ioc up --workers 2",
    )
    CURE_STALLED = Message(
        "xem nhật ký của bộ xử lý; khởi động lại nó", "read the worker's log; start it again"
    )
    CURE_ALERTS_REFUSED = Message(
        "kiểm tra topic {topic}: còn tồn tại, tài khoản của bộ xử lý được ghi, đủ bản sao "
        "(min.insync.replicas)",
        "look at the topic {topic}: it is there, the worker's account may write to it, and enough "
        "replicas are in sync (min.insync.replicas)",
    )
    CURE_NO_CLICKHOUSE = Message(
        "chạy: ioc up, hoặc đặt IOC_CLICKHOUSE_URL=http://máy:8123",
        "run: ioc up, or set IOC_CLICKHOUSE_URL=http://host:8123",
    )
    CURE_CLICKHOUSE = Message(
        "kiểm tra ClickHouse có chạy, địa chỉ và mật khẩu có đúng không",
        "check that ClickHouse runs and that address and password are right",
    )
    CURE_CLOCK = Message(
        "đồng bộ đồng hồ các máy (chrony hoặc systemd-timesyncd)",
        "synchronise the machines' clocks (chrony or systemd-timesyncd)",
    )
    CURE_MIGRATE = Message("chạy: ioc migrate", "run: ioc migrate")
    CURE_UPGRADE = Message("cài lại bản mới hơn", "install the newer release again")
    CURE_SCHEMA_CHANGED = Message(
        "trả lại tệp cũ và viết bước nâng cấp mới", "put the old file back, write a new migration"
    )
    CURE_SCHEMA_DIFFERS = Message(
        "hoàn tác thay đổi làm bằng tay, hoặc viết bước nâng cấp cho nó",
        "undo the change made by hand, or write a migration for it",
    )
    CURE_READER = Message(
        "kiểm tra IOC_CLICKHOUSE_READ_USERNAME và mật khẩu",
        "check IOC_CLICKHOUSE_READ_USERNAME and its password",
    )
    CURE_REFERENCE_FILE = Message(
        "sửa tệp danh mục ở dòng nêu trên", "mend the reference file at the line named above"
    )
    CURE_LETTERS = Message(
        "xem: ioc dead-letters list; sau khi khắc phục: ioc dead-letters redrive --all",
        "see: ioc dead-letters list; once mended: ioc dead-letters redrive --all",
    )
