"""A late file is told when its desk was heard after the deadline, and not before."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from alert_rig import alert_rig, dossier_in
from live_events import accepted, now, overdue_id, result
from pipeline_kit import own_rig

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka

SETTINGS = {"IOC_WORKER_DUE_SOON_WORKING_SECONDS": "0", "IOC_WORKER_SESSION_TIMEOUT_SECONDS": "10"}


def test_an_alert_waits_for_the_next_word_of_its_desk(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    with (
        own_rig(kafka, clickhouse, tmp_path, env=SETTINGS) as rig,
        alert_rig(rig, tmp_path, IOC_ALERTS_WAIT_FOR_DESKS="true") as (alerts, _),
    ):
        rig.start_worker()
        alerts.start()
        due = now() + dt.timedelta(seconds=4)
        rig.replay([accepted("LATE-1", due), accepted("DONE-1", due)])
        late, done = overdue_id("LATE-1", due), overdue_id("DONE-1", due)

        def unknown() -> set[str]:
            asked = "SELECT alert_id FROM alert_cases FINAL WHERE unknown_since > 0"
            return {row[0] for row in rig.rows(asked)}

        alerts.wait_for(lambda: {late, done} <= unknown(), "both look late, and may not be")
        assert alerts.told() == []
        # The feed was slow: one was finished in time, and the desk goes on working.
        rig.replay([result("DONE-1", due - dt.timedelta(seconds=1))])
        alerts.wait_for(lambda: alerts.case_states()[done][0] == "withdrawn", "it was not late")
        assert alerts.told() == [], "what happened before the deadline says nothing of the other"
        rig.replay([accepted("NEXT-1", now() + dt.timedelta(days=30))])
        (mail,) = alerts.wait_mails(1, "lead@")
        assert dossier_in(mail.text) == ["LATE-1"] and "Rút" not in mail.subject
