"""Help and words of the commands around messages and answers."""

from __future__ import annotations

from schemas.messages import Message, Worded


class AnswerHelp(Worded):
    """Help texts."""

    ANSWERS = Message(
        "Chạy máy chủ của các trang phản hồi cảnh báo.",
        "Run the server of the pages on which people answer alerts.",
    )
    TEXTS = Message(
        "Ghi mẫu của mọi thông báo và bản tin vào một thư mục để xem trước.",
        "Write a sample of every message and digest into a folder, to be looked at.",
    )
    TEXTS_FOLDER = Message("Thư mục ghi mẫu.", "Folder for the samples.")
    NEW_KEY = Message(
        "Tạo khóa ký liên kết phản hồi (chỉ chủ sở hữu đọc được).",
        "Make the key that signs the links to answer (only its owner can read it).",
    )
    NEW_KEY_FILE = Message("Tệp chứa khóa.", "File for the key.")
    API_KEY = Message(
        "Khóa truy cập của API phản hồi: mỗi khóa thuộc về một người.",
        "Tokens of the answers' HTTP API: each is one person's.",
    )
    API_KEY_ADD = Message(
        "Tạo khóa cho một người; khóa chỉ được hiện một lần.",
        "Make a token for a person; it is shown once.",
    )
    API_KEY_LIST = Message(
        "Liệt kê khóa và người sở hữu.", "List the tokens' ids and whose they are."
    )
    API_KEY_REMOVE = Message("Thu hồi một khóa.", "Revoke a token.")
    API_KEY_PERSON = Message("Mã người trong tệp danh sách.", "Id of the person.")
    API_KEY_ID = Message("Mã khóa.", "Id of the token.")


class AnswerSays(Worded):
    """What the commands say."""

    TEXTS_WRITTEN = Message("Đã ghi {count} tệp vào {folder}", "Wrote {count} files to {folder}")
    KEY_WRITTEN = Message(
        "Đã tạo khóa. Đặt IOC_ANSWERS_KEY_FILE={file}",
        "Made the key. Set IOC_ANSWERS_KEY_FILE={file}",
    )
    KEY_EXISTS = Message(
        "{file} đã có; khóa mới sẽ làm mọi liên kết đã gửi mất hiệu lực. Xóa tệp trước nếu muốn.",
        "{file} is there already; a new key would end all links that were sent. Remove it first "
        "if that is meant.",
    )
    API_KEYS_UNSET = Message(
        "Chưa đặt IOC_ANSWERS_API_KEYS_FILE", "IOC_ANSWERS_API_KEYS_FILE is not set"
    )
    API_KEY_UNKNOWN = Message("Không có khóa {key}", "There is no token {key}")
    API_KEY_REVOKED = Message("Đã thu hồi khóa {key}", "Revoked the token {key}")
    NOBODY = Message(
        "Không có ai mang mã {person} trong {file}", "Nobody in {file} has the id {person}"
    )
