"""What alerts say, in Vietnamese and English: the wording of messages and digests.

The pages on which people answer have their own catalogue: `schemas.answer_texts`.
"""

from __future__ import annotations

from schemas.messages import Message, Worded


class AlertText(Worded):
    """The catalogue; the lines about single files are the official style's own."""

    # What an alert says, as a line and a subject.
    RECEIPT_OVERDUE = Message(
        "Hồ sơ {dossier} quá hạn tiếp nhận tại {unit}",
        "Dossier {dossier}: receipt overdue at {unit}",
    )
    DUE_SOON = Message(
        "Hồ sơ {dossier} sắp đến hạn, còn {n} giờ làm việc",
        "Dossier {dossier} is due soon, {n} working hours left",
    )
    OVERDUE = Message(
        "Hồ sơ {dossier} quá hạn {n} ngày làm việc tại {unit}",
        "Dossier {dossier} is {n} working days overdue at {unit}",
    )
    OVERDUE_HOURS = Message(
        "Hồ sơ {dossier} quá hạn {n} giờ làm việc tại {unit}",
        "Dossier {dossier} is {n} working hours overdue at {unit}",
    )
    LEG_OVERDUE = Message(
        "Hồ sơ liên thông {dossier} quá hạn {n} ngày làm việc tại {unit} (chặng {leg})",
        "Interconnected dossier {dossier} is {n} working days overdue at {unit} (leg {leg})",
    )
    LEG_OVERDUE_HOURS = Message(
        "Hồ sơ liên thông {dossier} quá hạn {n} giờ làm việc tại {unit} (chặng {leg})",
        "Interconnected dossier {dossier} is {n} working hours overdue at {unit} (leg {leg})",
    )
    APOLOGY_DUE = Message(
        "Hồ sơ {dossier} còn {n} giờ làm việc, cần văn bản xin lỗi và đề nghị gia hạn "
        "trước khi quá hạn",
        "Dossier {dossier} has {n} working hours left: a written apology with a new date is due "
        "before the deadline",
    )
    NO_APOLOGY = Message(
        "Hồ sơ {dossier} quá hạn, chưa có văn bản xin lỗi",
        "Dossier {dossier} is overdue without a written apology",
    )
    UNIT_SHARE = Message(
        "{unit}: {value} hồ sơ đang giải quyết bị quá hạn (ngưỡng {threshold})",
        "{unit}: {value} of the open dossiers are overdue (threshold {threshold})",
    )
    UNIT_COUNT = Message(
        "{unit}: {value} hồ sơ quá hạn (ngưỡng {threshold})",
        "{unit}: {value} dossiers overdue (threshold {threshold})",
    )
    BACKLOG = Message(
        "{unit}: hồ sơ tồn tăng {value} ngày liên tiếp (ngưỡng {threshold})",
        "{unit}: the backlog has grown for {value} days in a row (threshold {threshold})",
    )
    SILENT_DESK = Message(
        "Chưa nhận được dữ liệu từ {unit} kể từ {time}",
        "No data from {unit} since {time}",
    )
    ESCALATED = Message(
        "Chuyển cấp trên: chưa phản hồi sau {n} giờ làm việc",
        "Escalated: no response after {n} working hours",
    )
    WITHDRAWN = Message(
        "Rút cảnh báo: hồ sơ {dossier} đã xử lý xong đúng hạn, dữ liệu đến muộn",
        "Alert withdrawn: dossier {dossier} was finished in time, its data came late",
    )
    WITHDRAWN_OTHER = Message(
        "Rút cảnh báo: theo dữ liệu mới nhất, hồ sơ {dossier} không còn thuộc diện cảnh báo",
        "Alert withdrawn: by the newest data, dossier {dossier} no longer calls for an alert",
    )
    WITHDRAWN_UNIT = Message(
        "Rút cảnh báo về {unit}: số liệu mới nhất không còn vượt ngưỡng",
        "Alert about {unit} withdrawn: by the newest figures the threshold is not exceeded",
    )
    REPEAT = Message("Gửi lại, có thể trùng", "Sent again, may be a repeat")
    URGENT = Message("KHẨN", "URGENT")

    # Rules by name.
    RULE_RECEIPT_OVERDUE = Message("Quá hạn tiếp nhận", "Receipt overdue")
    RULE_DUE_SOON = Message("Sắp đến hạn", "Due soon")
    RULE_OVERDUE = Message("Quá hạn", "Overdue")
    RULE_LEG_OVERDUE = Message("Chặng liên thông quá hạn", "Leg overdue")
    RULE_APOLOGY_DUE = Message("Cần văn bản xin lỗi", "Apology due")
    RULE_NO_APOLOGY = Message("Quá hạn, chưa xin lỗi", "Overdue, no apology")
    RULE_UNIT_SHARE = Message("Tỷ lệ quá hạn vượt ngưỡng", "Overdue share above threshold")
    RULE_UNIT_COUNT = Message("Số quá hạn vượt ngưỡng", "Overdue number above threshold")
    RULE_BACKLOG = Message("Hồ sơ tồn tăng", "Growing backlog")
    RULE_SILENT_DESK = Message("Chưa nhận được dữ liệu", "Silent desk")

    # Roles by name.
    ROLE_HANDLER_LEAD = Message("Phụ trách bộ phận xử lý", "Handler's lead")
    ROLE_DESK_LEAD = Message("Phụ trách Bộ phận Một cửa", "Desk lead")
    ROLE_AUTHORITY_HEAD = Message("Thủ trưởng cơ quan", "Head of the authority")
    ROLE_CHAIR = Message("Chủ tịch UBND", "Chair")
    ROLE_PROVINCE_LEADER = Message("Lãnh đạo tỉnh", "Province leader")
    ROLE_TECHNICIAN = Message("Cán bộ kỹ thuật", "Technician")

    # Causes by name.
    CAUSE_WAITS_FOR_APPLICANT = Message("Chờ người nộp bổ sung", "Waits for the applicant")
    CAUSE_WAITS_FOR_AGENCY = Message("Chờ cơ quan phối hợp", "Waits for another agency")
    CAUSE_COMPLEX = Message("Hồ sơ phức tạp", "Complex dossier")
    CAUSE_STAFF = Message("Thiếu người xử lý", "Too few staff")
    CAUSE_SYSTEM = Message("Lỗi phần mềm, đường truyền", "Software or line at fault")
    CAUSE_DONE_NOT_RECORDED = Message("Đã xong, chưa cập nhật", "Done, not recorded yet")
    CAUSE_OTHER = Message("Lý do khác", "Another reason")
    # What holds most of a unit's overdue files, as the digest says it.
    HOLDS_PROCESSING = Message("đang xử lý", "in processing")
    HOLDS_HANDLER = Message("ở đơn vị xử lý", "with the handler")
    HOLDS_LEG = Message("ở chặng liên thông", "in another agency's leg")
    HOLDS_SUPPLEMENT = Message("chờ bổ sung giấy tờ", "waiting for papers")
    HOLDS_PAYMENT = Message("chờ nghĩa vụ tài chính", "waiting for payment")

    # Answers so far.
    ACKNOWLEDGED_BY = Message(
        "{role} ({person}) đã xác nhận lúc {time}", "{role} ({person}) acknowledged at {time}"
    )
    EXPLAINED_BY = Message(
        "{role} ({person}) giải trình lúc {time}: {cause}",
        "{role} ({person}) explained at {time}: {cause}",
    )
    EXPECTED = Message("dự kiến xong {day}", "expected on {day}")
    NO_ANSWER_YET = Message("Chưa có phản hồi", "No response so far")

    # Facts of a file.
    DOSSIER = Message("Mã hồ sơ", "Dossier")
    PROCEDURE = Message("Thủ tục", "Procedure")
    AUTHORITY = Message("Cơ quan có thẩm quyền", "Authority")
    HANDLER = Message("Đơn vị đang xử lý", "Handler")
    DUE = Message("Ngày hẹn trả", "Due")
    RECEIPT_DUE = Message("Hạn tiếp nhận", "Receipt due")
    LEG_DUE = Message("Hạn của chặng", "Leg due")
    LATE_FOR = Message("Đã quá hạn", "Overdue for")
    LEFT = Message("Còn lại", "Left")
    APOLOGY = Message("Văn bản xin lỗi", "Written apology")
    APOLOGY_YES = Message("Đã có", "Sent")
    APOLOGY_NO = Message("Chưa có", "None")
    ANSWERS = Message("Phản hồi", "Responses")
    LESS_THAN_ONE = Message("chưa đến 1", "less than 1")
    DAYS = Message("{n} ngày làm việc", "{n} working days")
    HOURS = Message("{n} giờ làm việc", "{n} working hours")
    UNKNOWN_SINCE = Message(
        "Chưa rõ tình trạng từ {time}: dữ liệu của đơn vị đến chậm",
        "State unknown since {time}: the unit's data is late",
    )

    # Messages.
    CENTRE = Message("Trung tâm điều hành thông minh", "Intelligent Operation Centre")
    GREETING = Message("Kính gửi {role}, {unit}", "To the {role}, {unit}")
    DEPUTY = Message("(thay {person} vắng mặt)", "(in place of {person}, who is absent)")
    ANSWER = Message("Xem và phản hồi", "Look and respond")
    ANSWER_ALL = Message("Xem và phản hồi tất cả", "Look at all and respond")
    ANSWER_HINT = Message(
        "Mở liên kết chỉ để xem; chỉ khi bấm nút trên trang, phản hồi mới được ghi nhận.",
        "Opening the link only shows the file; only the button on the page records a response.",
    )
    FOR_YOU = Message(
        "Liên kết chỉ dành cho người nhận, xin không chuyển tiếp.",
        "The link is for its recipient alone, please do not forward it.",
    )
    GROUP_SUBJECT = Message("{n} hồ sơ cần xử lý: {counts}", "{n} dossiers need action: {counts}")
    GROUP_MORE = Message("… và {n} hồ sơ nữa", "… and {n} more")
    GROUP_UNLISTED = Message(
        "Thư này chỉ liệt kê {n} mã hồ sơ tiếp theo; các hồ sơ còn lại xem trên màn hình giám sát.",
        "This message lists only the next {n} codes; see the wall for the remaining files.",
    )
    GROUP_MORE_ALERTS = Message("… và {n} cảnh báo nữa", "… and {n} more alerts")
    SUMMARY_SUBJECT = Message(
        "Tổng hợp {n} cảnh báo chưa gửi riêng", "Summary of {n} alerts that were not sent singly"
    )
    SUMMARY_WHY = Message(
        "Số cảnh báo vượt giới hạn gửi, nên được gộp vào thư này; không cảnh báo nào bị bỏ.",
        "There were more alerts than may be sent singly, so they are together here; none is lost.",
    )
    ESCALATION_SUBJECT = Message(
        "{unit}: {n} hồ sơ chưa được phản hồi", "{unit}: {n} dossiers without a response"
    )
    WITHDRAWAL_SUBJECT = Message("Rút {n} cảnh báo", "{n} alerts withdrawn")
    UNITS_TITLE = Message("Đơn vị vượt ngưỡng", "Units above their thresholds")
    TECHNICIAN_WAITS = Message(
        "Cảnh báo về hồ sơ của đơn vị này được giữ lại cho đến khi có dữ liệu; không ai bị nhắc "
        "oan. Kiểm tra phần mềm một cửa, đường truyền và khóa kết nối.",
        "Alerts about this unit's dossiers wait until its data comes; nobody is accused meanwhile. "
        "Check the desk software, the line and the connection's key.",
    )
    OUTSIDE_FIRING = Message("Hệ thống: {title}", "System: {title}")
    OUTSIDE_RESOLVED = Message("Hệ thống, đã hết: {title}", "System, resolved: {title}")
    OUTSIDE_SINCE = Message("Từ {time}, nguồn: {source}", "Since {time}, from {source}")
    SENT_AT = Message("Lập lúc {time}", "Made at {time}")
    AUTOMATIC = Message(
        "Thư tự động, xin không trả lời thư này.",
        "An automatic message; replies to it are not read.",
    )
    RULE = Message("Cảnh báo", "Alert")
    UNIT = Message("Đơn vị", "Unit")
    NUMBER = Message("Số lượng", "Number")

    # Digests.
    DIGEST_SUBJECT = Message(
        "Bản tin sáng {day}: {overdue} hồ sơ quá hạn ({change} so với hôm trước)",
        "Morning digest {day}: {overdue} dossiers overdue ({change} against the day before)",
    )
    WEEKLY_SUBJECT = Message(
        "Bản tin tuần {day}: {overdue} hồ sơ quá hạn ({change} so với tuần trước)",
        "Weekly digest {day}: {overdue} dossiers overdue ({change} against the week before)",
    )
    DIGEST_TITLE = Message("Bản tin sáng {day}", "Morning digest {day}")
    WEEKLY_TITLE = Message("Bản tin tuần {day}", "Weekly digest {day}")
    COMPARED = Message("So với {day}", "Against {day}")
    COMPLETE = Message("Số liệu đầy đủ đến {time}", "Figures complete up to {time}")
    FIGURE_NO_APOLOGY = Message("Chưa xin lỗi", "No apology")
    FIGURE_SILENT = Message("Nơi im lặng", "Silent desks")
    WORSENED = Message("Xấu đi nhiều nhất", "What worsened most")
    HELD_BY = Message("{holder} giữ, {cause} ({n})", "held by {holder}, {cause} ({n})")
    WITH_HOLDER = Message("{holder} đang giữ {n}", "{holder} has {n} of them")
    TO_LOOK_AT = Message("Đơn vị cần chú ý", "Units to look at")
    MOSTLY = Message("phần lớn {cause} ({n})", "mostly {cause} ({n})")
    ALL_APOLOGISED = Message("đã xin lỗi đủ", "all apologised for")
    WITHOUT_APOLOGY = Message("{n} chưa xin lỗi", "{n} without apology")
    EXPLAINED = Message("{n} đã giải trình", "{n} explained")
    MORE_UNITS = Message(
        "{n} đơn vị khác có hồ sơ quá hạn: xem tệp Excel kèm theo",
        "{n} other units have overdue dossiers: see the attached Excel file",
    )
    NOTHING_OVERDUE = Message("Không có hồ sơ quá hạn.", "No dossier is overdue.")
    SILENT_LIST = Message("Chưa nhận được dữ liệu: {units}", "No data from: {units}")
    UNSURE_FILES = Message(
        "Chưa rõ tình trạng {n} hồ sơ từ {time} (dữ liệu đến chậm), không tính vào số quá hạn",
        "State of {n} dossiers unknown since {time} (late data); not counted as overdue",
    )
    UNCHANGED = Message("không đổi", "unchanged")

    # The Excel file of a digest.
    SHEET_TITLE = Message("Hồ sơ cần chú ý", "Dossiers to look at")
    SHEET_FILE = Message("ho-so-{day}.xlsx", "dossiers-{day}.xlsx")
    LATE_DAYS = Message("Ngày làm việc quá hạn", "Working days overdue")
