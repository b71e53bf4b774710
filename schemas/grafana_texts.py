"""What `ioc dashboards` says, in Vietnamese and English."""

from __future__ import annotations

from schemas.messages import Message, Worded


class GrafanaSaid(Worded):
    """The catalogue: what was done, and for each failure what to do."""

    CREATED = Message("+ {what} {name}: tạo mới", "+ {what} {name}: new")
    UPDATED = Message("~ {what} {name}: thay đổi", "~ {what} {name}: changed")
    SAME = Message("= {what} {name}: không đổi", "= {what} {name}: unchanged")
    DIFFERENCE = Message("    {place}: {before} → {after}", "    {place}: {before} -> {after}")
    MORE = Message("    … và {count} khác biệt nữa", "    … and {count} more differences")
    DONE = Message(
        "Đã xuất bản lên Grafana {version} tại {url}: {created} mới, {updated} thay đổi, "
        "{same} không đổi.",
        "Published to Grafana {version} at {url}: {created} new, {updated} changed, "
        "{same} unchanged.",
    )
    DRY_RUN = Message(
        "Chạy thử, chưa ghi gì vào Grafana: {created} mới, {updated} thay đổi, {same} không đổi.",
        "Dry run, nothing was written to Grafana: {created} new, {updated} to change, "
        "{same} unchanged.",
    )
    FOLDER = Message("thư mục", "folder")
    DATASOURCE = Message("nguồn dữ liệu", "data source")
    DASHBOARD = Message("bảng điều khiển", "dashboard")
    CONTACT_POINT = Message("điểm nhận cảnh báo", "contact point")
    RULE = Message("quy tắc cảnh báo", "alert rule")
    PLAYLIST = Message("danh sách phát", "playlist")
    LEFT_OVER = Message(
        "Bảng {name} không còn trong danh mục; Grafana vẫn giữ, hãy tự xóa nếu không cần.",
        "The dashboard {name} is no longer in the catalogue; Grafana keeps it, delete it yourself.",
    )
    NO_CONTACT = Message(
        "Chưa có người nhận cảnh báo: đặt IOC_GRAFANA_ALERT_EMAILS hoặc "
        "IOC_GRAFANA_ALERT_WEBHOOK. Cảnh báo theo chính sách mặc định của Grafana.",
        "Nobody is named for alerts: set IOC_GRAFANA_ALERT_EMAILS or IOC_GRAFANA_ALERT_WEBHOOK. "
        "Alerts follow Grafana's own default policy.",
    )
    NO_PLAYLIST = Message(
        "Không tạo được danh sách phát ({reason}); dùng các liên kết của: ioc dashboards links",
        "The playlist could not be made ({reason}); use the links of: ioc dashboards links",
    )
    VERSION_UNKNOWN = Message(
        "Grafana không cho biết phiên bản; cần từ {needed} trở lên.",
        "Grafana does not tell its version; {needed} or newer is needed.",
    )
    WAREHOUSE_UNREACHED = Message(
        "Grafana chưa đọc được kho dữ liệu: {reason}. Kiểm tra IOC_GRAFANA_CLICKHOUSE_URL, "
        "tài khoản chỉ đọc và mật khẩu.",
        "Grafana cannot read the warehouse: {reason}. Check IOC_GRAFANA_CLICKHOUSE_URL, the "
        "read-only user and its password.",
    )

    NO_URL = Message(
        "Chưa đặt IOC_GRAFANA_URL, ví dụ http://grafana:3000",
        "IOC_GRAFANA_URL is not set; it looks like http://grafana:3000",
    )
    BAD_URL = Message(
        "{name} phải có dạng http(s)://máy[:cổng][/đường-dẫn], không kèm tài khoản",
        "{name} must look like http(s)://host[:port][/path], without a user in it",
    )
    NO_TOKEN = Message(
        "Chưa có mã truy cập Grafana: đặt IOC_GRAFANA_TOKEN_FILE (hoặc IOC_GRAFANA_TOKEN). Tạo "
        "trong Grafana: Administration → Users and access → Service accounts, vai trò Admin.",
        "No token for Grafana: set IOC_GRAFANA_TOKEN_FILE (or IOC_GRAFANA_TOKEN). Make one in "
        "Grafana: Administration → Users and access → Service accounts, role Admin.",
    )
    BAD_TOKEN = Message(
        "Grafana từ chối mã truy cập (401): mã sai, hết hạn hoặc đã bị thu hồi. Tạo mã mới và cập "
        "nhật IOC_GRAFANA_TOKEN_FILE.",
        "Grafana refuses the token (401): it is wrong, expired or revoked. Make a new one and "
        "update IOC_GRAFANA_TOKEN_FILE.",
    )
    NO_RIGHTS = Message(
        "Mã truy cập không đủ quyền (403) để: {action}. Cần tài khoản dịch vụ có vai trò Admin.",
        "The token has no right (403) to: {action}. A service account with the role Admin is "
        "needed.",
    )
    PLUGIN_MISSING = Message(
        "Grafana chưa cài phần bổ trợ {plugin}. Chạy: grafana cli plugins install {plugin} rồi "
        "khởi động lại Grafana (hoặc đặt GF_INSTALL_PLUGINS={plugin} cho container).",
        "Grafana lacks the plugin {plugin}. Run: grafana cli plugins install {plugin} and restart "
        "Grafana (or set GF_INSTALL_PLUGINS={plugin} for the container).",
    )
    TOO_OLD = Message(
        "Grafana {version} quá cũ: cần từ {needed} trở lên.",
        "Grafana {version} is too old: {needed} or newer is needed.",
    )
    UNREACHABLE = Message(
        "Không kết nối được Grafana tại {url}: {reason}",
        "Grafana at {url} does not answer: {reason}",
    )
    SERVER_ERROR = Message(
        "Grafana tại {url} báo lỗi ({status}) khi {action}: {reason}",
        "Grafana at {url} failed ({status}) to {action}: {reason}",
    )
    NOT_GRAFANA = Message(
        "{url} không trả lời như Grafana; kiểm tra IOC_GRAFANA_URL (cả đường dẫn con).",
        "{url} does not answer as Grafana does; check IOC_GRAFANA_URL (its sub-path as well).",
    )
    REDIRECTED = Message(
        "{url} chuyển hướng đi nơi khác; đặt IOC_GRAFANA_URL là địa chỉ cuối cùng.",
        "{url} redirects elsewhere; set IOC_GRAFANA_URL to the final address.",
    )
    CONFLICT = Message(
        "Có người vừa thay đổi {name} trong Grafana ({status}). Xem lại bằng --dry-run rồi chạy "
        "lại.",
        "Somebody changed {name} in Grafana just now ({status}). Look with --dry-run and run it "
        "again.",
    )
    PROVISIONED = Message(
        "{name} được Grafana nạp từ tệp nên không sửa qua API được. Dùng: ioc dashboards export, "
        "hoặc bỏ tệp đó khỏi thư mục provisioning.",
        "{name} was provisioned from a file and cannot be changed by the API. Use: ioc dashboards "
        "export, or remove that file from the provisioning folder.",
    )
    REFUSED = Message(
        "Grafana không nhận {name} ({status}): {reason}",
        "Grafana does not accept {name} ({status}): {reason}",
    )
    ACT_LOOK = Message("xem {name}", "look at {name}")
    ACT_SAVE = Message("ghi {name}", "save {name}")

    WROTE = Message("Đã ghi {count} tệp vào {folder}", "Wrote {count} files into {folder}")
    LINKS_TITLE = Message("Liên kết cho màn hình TV", "Links for TVs")
    LINKS_PLAYLIST = Message("Luân phiên các bảng", "Boards in rotation")
    LINKS_NO_PLAYLIST = Message(
        "(chưa có danh sách phát: ioc dashboards publish)",
        "(no playlist yet: ioc dashboards publish)",
    )
