"""Tables of another shape, by the gateway's route and by `ioc push`, to the figures."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from gateway_kit import GatewayChild, KeyBox
from rig import Rig, eventually

from door.desk_kit import states

_SAID: dict[str, Any] = {
    "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True,
}  # fmt: skip
TABLE = """\
Số hồ sơ;Đơn vị;Ngày nhận;Ngày xong;Chủ hồ sơ
BANG-1;UBND TP. Hòa Bình;03/10/2022 08:15;04/10/2022 10:00;Bí Mật
BANG-2;UBND xã Không Có;03/10/2022 08:15;;Bí Mật
BANG-3;UBND TP. Hòa Bình;03/10/2022 08:15;hôm qua;Bí Mật
"""


def test_a_table_of_another_shape_comes_in_by_its_mapping(
    rig: Rig, gateway: GatewayChild, keys: KeyBox, tmp_path: Path
) -> None:
    key = keys.get("table", source="motcua-bang")
    with gateway.client(key) as client:
        said = client.post("/v1/mapped/abc", content=TABLE.encode()).json()
        first, second, third = said["results"]
        assert (first["outcome"], first["events"]) == ("accepted", 2)
        assert (second["code"], second["field"]) == ("unknown_unit", "Đơn vị")
        assert (third["outcome"], third["events"], third["value"]) == ("rejected", 1, "hôm qua")
        assert "Mật" not in json.dumps(said, ensure_ascii=False)
        assert said["unread"] == ["Chủ hồ sơ"]
        assert client.post("/v1/mapped/none", content=TABLE.encode()).status_code == 404
        for body in (b"", b"a,b\n1,2\n", b"\xff\xfe", b'"' * 200_001):
            assert 400 <= client.post("/v1/mapped/abc", content=body).status_code < 500
    (tmp_path / "key").write_text(key)
    head, first_line, unknown_unit = TABLE.splitlines()[:3]
    (tmp_path / "t.csv").write_text(f"{head}\n{first_line}\n", "utf-8")
    ioc_push = [
        sys.executable, "-m", "ioc.cli", "--lang", "en", "push",
        "--mapping", str(rig.folder / "abc.yaml"), "--url", gateway.url, "--key-file", "key",
    ]  # fmt: skip
    # The mapping's own source is not the key's: the gateway puts that, and knows the same events
    # as those that came by its own route.
    done = _ended(subprocess.Popen([*ioc_push, "t.csv"], cwd=tmp_path, **_SAID))
    assert "Sent 2 (2 " in done
    # A folder of such tables; one that cannot be mapped is put aside with the reason.
    (tmp_path / "in").mkdir()
    line = first_line.replace("BANG-1", "BANG-4")
    (tmp_path / "in" / "good.csv").write_text(f"{head}\n{line}\n", "utf-8")
    (tmp_path / "in" / "wrong.csv").write_text(f"{head}\n{unknown_unit}\n", "utf-8")
    watching = subprocess.Popen([*ioc_push, "--watch", "in"], cwd=tmp_path, **_SAID)
    try:
        eventually((tmp_path / "in" / "bad" / "wrong.csv").exists, "put aside", 60)
        eventually(lambda: _sent_by(rig, "BANG-4"), "sent", 60)
    finally:
        watching.send_signal(signal.SIGTERM)
    assert "record 1: unknown_unit" in _ended(watching)
    rig.expect_all()
    rig.wait_stored()
    assert {name: row[0] for name, row in states(rig, "BANG-").items()} == {
        "BANG-1": 9,
        "BANG-3": 2,
        "BANG-4": 9,
    }
    codes = [row[0] for row in rig.rows("SELECT DISTINCT code FROM gateway_rejects")]
    assert "unknown_unit" in codes


def _ended(command: subprocess.Popen[str]) -> str:
    said, _ = command.communicate(timeout=120)
    assert command.returncode == 0, said
    return " ".join(said.split())


def _sent_by(rig: Rig, dossier_id: str) -> bool:
    rows = rig.rows(
        "SELECT uniqExact(source) = 1 AND any(source) = 'motcua-bang' FROM dossier_events"
        " WHERE dossier_id = {id:String}",
        id=dossier_id,
    )
    return bool(rows[0][0])
