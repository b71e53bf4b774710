"""Whoever takes over a post hears from then on, without a restart; a wrong file changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from alert_rig import UNIT, AlertRig, alert_rig, dossier_in
from live_events import accepted, now
from pipeline_kit import own_rig

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}


def _write(alerts: AlertRig, text: str) -> None:
    file = Path(alerts.env["IOC_ALERTS_PEOPLE_FILE"])
    fresh = file.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.chmod(0o600)
    fresh.replace(file)


def test_a_changed_people_file_is_noticed(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    with (
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig,
        alert_rig(rig, tmp_path, IOC_ALERTS_PEOPLE_CHECK_SECONDS="0.2") as (alerts, _),
    ):
        rig.start_worker()
        process = alerts.start()

        def late(name: str) -> None:
            rig.replay([accepted(name, now() - dt.timedelta(seconds=1))])

        def hears(person: str) -> set[str]:
            return {each for mail in alerts.told(person) for each in dossier_in(mail.text)}

        def says(words: str) -> bool:
            return any(words in line for line in process.output)

        late("OLD-1")
        alerts.wait_for(lambda: "OLD-1" in hears("lead@"), "who had the post hears")
        right = Path(alerts.env["IOC_ALERTS_PEOPLE_FILE"]).read_text("utf-8")
        _write(alerts, right.replace("lead@ioc", "after@ioc"))
        alerts.wait_for(lambda: says("the people file changed"), "the change is noticed")
        late("NEW-1")
        alerts.wait_for(lambda: "NEW-1" in hears("after@"), "who has it now hears")
        _write(alerts, right.replace(UNIT, "no-such-unit"))
        alerts.wait_for(lambda: says("the people of before stay"), "it says so")
        late("NEXT-1")
        alerts.wait_for(lambda: "NEXT-1" in hears("after@"), "the people of before stay")
        assert hears("lead@") == {"OLD-1"} and hears("after@") == {"NEW-1", "NEXT-1"}
