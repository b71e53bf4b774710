"""Help texts of commands and options, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class Help(Worded):
    """The catalogue; commands name its members, `ioc.cli` puts them into a language."""

    IOC = Message(
        "Trung tâm điều hành thông minh: tiếp nhận sự kiện hồ sơ, tính số liệu, hiển thị.",
        "Intelligent Operation Centre: takes in dossier events, computes figures, shows them.",
    )
    LANG = Message("Ngôn ngữ: vi hoặc en.", "Language: vi or en.")
    DATA = Message(
        "Thư mục dữ liệu của các máy chủ nhúng, nhật ký và khóa.",
        "Folder of the embedded engines' data, logs and keys.",
    )
    UP = Message(
        "Khởi động toàn bộ hệ thống và giữ cho nó chạy.",
        "Start the whole system and keep it running.",
    )
    WORKERS = Message("Số tiến trình xử lý.", "Number of worker processes.")
    UP_SCENARIO = Message(
        "Phát lại kịch bản này khi hệ thống đã sẵn sàng.",
        "Replay this scenario once the system is ready.",
    )
    SPEED = Message(
        "Phát nhanh gấp bao nhiêu lần thời gian thật; 0 = nhanh nhất có thể.",
        "How many times faster than real time; 0 = as fast as possible.",
    )
    SHIFT = Message(
        "Dời kịch bản về hiện tại, hoặc giữ nguyên ngày tháng.",
        "Shift the scenario onto the present, or keep its dates.",
    )
    ONCE = Message(
        "Dừng lại khi đã sẵn sàng và đã lưu hết sự kiện của kịch bản.",
        "Stop again when all is ready and the scenario's events are stored.",
    )
    WORKER = Message("Chạy một tiến trình xử lý ở cửa sổ này.", "Run one worker in this terminal.")
    WALL = Message(
        "Chạy trang màn hình điều hành ở cửa sổ này.", "Run the wall page in this terminal."
    )
    WALL_USER = Message(
        "Tài khoản của màn hình điều hành: xem từng hồ sơ, đánh dấu.",
        "Accounts of the wall: they see single dossiers and set marks.",
    )
    WALL_USER_ADD = Message(
        "Thêm tài khoản hoặc đổi mật khẩu.", "Add an account or change its password."
    )
    WALL_USER_REMOVE = Message("Xóa tài khoản.", "Remove an account.")
    WALL_USER_LIST = Message("Liệt kê các tài khoản.", "List the accounts.")
    WALL_USER_NAME = Message(
        "Tên tài khoản, nên là tên ca trực, không phải tên người.",
        "Name of the account, better of a shift than of a person.",
    )
    PASSWORD_STDIN = Message(
        "Đọc mật khẩu từ dòng đầu của đầu vào chuẩn.",
        "Read the password from the first line of standard input.",
    )
    MIGRATE = Message(
        "Tạo hoặc nâng cấp các bảng của kho dữ liệu và nạp danh mục.",
        "Create or upgrade the warehouse's tables and publish the reference data.",
    )
    TOPICS = Message("Các chủ đề Kafka.", "The Kafka topics.")
    TOPICS_CREATE = Message("Tạo các chủ đề còn thiếu.", "Create the topics that are missing.")
    TOPICS_CHECK = Message(
        "So sánh các chủ đề với khai báo.", "Compare the topics with their declaration."
    )
    TOPICS_GROW = Message(
        "Thêm phân vùng cho chủ đề sự kiện.", "Give the events topic more partitions."
    )
    TOPICS_ACCOUNTS = Message(
        "Đặt mật khẩu và quyền của các tài khoản Kafka, đúng như khai báo.",
        "Set the passwords of Kafka's accounts, and their rights exactly as declared.",
    )
    ACCOUNT_PASSWORD = Message(
        "TÊN=TỆP: tài khoản (worker, gateway, alerts, desk, admin) và tệp chứa mật khẩu.",
        "NAME=FILE: account (worker, gateway, alerts, desk, admin) and file of its password.",
    )
    PARTITIONS = Message("Số phân vùng mới; phải là ước của 48.", "The new count; must divide 48.")
    REPLAY = Message(
        "Gửi các sự kiện của một tệp vào Kafka.", "Send the events of a file to Kafka."
    )
    REPLAY_FILE = Message(
        "NDJSON, CSV hoặc Excel, có thể nén .gz; sự kiện hoặc thông điệp DongBoHoSoMC.",
        "NDJSON, CSV or Excel, perhaps .gz; events or DongBoHoSoMC messages.",
    )
    RESUME = Message(
        "Tiếp tục từ chỗ đã dừng, hoặc bắt đầu lại.", "Go on where it stopped, or start afresh."
    )
    SCENARIO = Message(
        "Phát lại một kịch bản có số liệu đã công bố.",
        "Replay a scenario whose figures were published.",
    )
    SCENARIO_NAME = Message(
        "Tên kịch bản; bỏ trống để xem danh sách.", "Name of the scenario; none lists them."
    )
    SEED = Message(
        "Số khởi tạo; cùng số thì cùng sự kiện.", "Seed; the same seed gives the same events."
    )
    SPOIL = Message(
        "Cố ý làm hỏng dòng sự kiện theo cách này (có thể lặp lại).",
        "Spoil the stream in this way on purpose (may be repeated).",
    )
    VERIFY = Message(
        "Tính lại mọi số liệu từ nhật ký sự kiện và so sánh.",
        "Recompute every figure from the audit log and compare.",
    )
    DOCTOR = Message(
        "Kiểm tra hệ thống và cho biết cần làm gì.", "Examine the system and say what to do."
    )
    DEAD_LETTERS = Message("Các bản tin không đọc được.", "Records that could not be read.")
    DEAD_LIST = Message("Liệt kê các bản tin đang chờ.", "List the letters that wait.")
    DEAD_SHOW = Message(
        "Giải mã và hiện một bản tin (có thể có dữ liệu cá nhân).",
        "Decrypt and show one letter (it may hold personal data).",
    )
    DEAD_REDRIVE = Message(
        "Gửi lại sau khi đã khắc phục nguyên nhân.", "Send again after the cause is mended."
    )
    LETTER = Message("Mã bản tin.", "Id of the letter.")
    LETTERS = Message("Mã các bản tin.", "Ids of letters.")
    ALL = Message("Tất cả các bản tin đang chờ.", "All letters that wait.")
    CODE = Message("Chỉ những bản tin có mã lỗi này.", "Only letters with this reason code.")
    LIMIT = Message("Số dòng nhiều nhất.", "Number of lines at most.")
    SCHEMA = Message(
        "Ghi lược đồ JSON của sự kiện hồ sơ.", "Write the JSON Schema of dossier events."
    )
    SCHEMA_CHECK = Message(
        "Chỉ kiểm tra tệp đã có; không ghi.", "Only check the file that is there; write nothing."
    )
    OUTPUT = Message("Tệp để ghi.", "File to write.")
    RATE = Message("Số sự kiện mỗi giây nhiều nhất.", "Events a second at most.")
    SOURCE = Message("Tên hệ thống nguồn của tệp.", "Name of the source system of the file.")
    DEAD_NEW_KEY = Message(
        "Tạo tệp khóa mới để mã hóa các bản tin.", "Make a new key file that seals the letters."
    )
    KEY_FILE = Message("Tệp khóa sẽ được tạo.", "The key file to make.")
    SHARDS = Message(
        "Chỉ kiểm tra các mảnh này (có thể lặp lại).", "Only these shards (may be repeated)."
    )
    NO_REPLAY = Message(
        "Chỉ hiện các số liệu mong đợi, không gửi gì.",
        "Only show the expected figures; send nothing.",
    )
    DASHBOARDS = Message("Các bảng điều khiển Grafana.", "The Grafana dashboards.")
    DASHBOARDS_PUBLISH = Message(
        "Đưa nguồn dữ liệu, bảng điều khiển và cảnh báo lên Grafana.",
        "Bring data source, dashboards and alerts into Grafana.",
    )
    DASHBOARDS_EXPORT = Message(
        "Ghi các tệp để Grafana tự nạp khi khởi động.",
        "Write the files from which Grafana provisions itself.",
    )
    DASHBOARDS_LINKS = Message("In các liên kết cho màn hình TV.", "Print ready links for TVs.")
    DASHBOARDS_LANGUAGE = Message(
        "Ngôn ngữ của bảng điều khiển: vi, en hoặc both (cả hai).",
        "Language of the dashboards: vi, en or both.",
    )
    DRY_RUN = Message(
        "Chỉ hiện khác biệt, không ghi gì vào Grafana.",
        "Only show the differences; write nothing to Grafana.",
    )
    EXPORT_FOLDER = Message("Thư mục để ghi.", "Folder to write to.")
    EXPORT_PASSWORD_FILE = Message(
        "Tệp mật khẩu của nguồn dữ liệu, đường dẫn trong máy chạy Grafana; mặc định là biến "
        "IOC_GRAFANA_CLICKHOUSE_PASSWORD.",
        "File with the data source's password, a path on Grafana's machine; by default the "
        "variable IOC_GRAFANA_CLICKHOUSE_PASSWORD.",
    )
    EXPORT_DASHBOARDS_PATH = Message(
        "Nơi Grafana thấy thư mục dashboards.", "Where Grafana finds the folder of dashboards."
    )
