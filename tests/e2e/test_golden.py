"""The published figures, exactly, out of a replay through the whole real pipeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from input_recount import InputRecount
from pipeline_kit import check_verified, own_rig, wait_walls
from rig import Rig
from september_alerts import expected, last_minute_place, of_receiver, told_by
from stored_figures import StoredFigures

from ioc.alerts.preview.report import Report
from ioc.alerts.preview.run import read_period
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.reference import load_reference
from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.figures import Counts
from ioc.scenarios.scenario import Scenario
from schemas.settings import WorkerSettings

SEPTEMBER, CITY, TAN_LAC = "september-2024", "hoa-binh-city-2023h1", "tan-lac-2020"
#: Alerts that the month calls for, by rule.
SEPTEMBER_ALERTS = {"leg_overdue": 4_151, "overdue": 510, "receipt_overdue": 382}
EVENTS = {SEPTEMBER: 444_701, CITY: 115_112, TAN_LAC: 50_799}


@dataclass
class Replayed:
    """A scenario after its replay."""

    rig: Rig
    scenario: Scenario
    sent: int
    recount: InputRecount

    @property
    def stored(self) -> StoredFigures:
        return StoredFigures(self.rig, self.scenario)


@pytest.fixture(scope="module")
def replayed(
    request: pytest.FixtureRequest,
    kafka: EmbeddedKafka,
    clickhouse: EmbeddedClickHouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Replayed]:
    chosen = scenario(request.param)
    recount = InputRecount()
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("golden")) as rig:
        worker = rig.start_worker()
        sent = rig.replay(recount.watch(outgoing(chosen.events())))
        rig.wait_stored()
        wait_walls(rig)
        yield Replayed(rig, chosen, sent, recount)
        assert worker.stop() == 0


def for_scenarios(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("replayed", names, indirect=True, scope="module")


def share(counts: Counts, decimals: int = 2) -> float:
    judged = counts.early + counts.on_time + counts.late
    return round(100 * (counts.early + counts.on_time) / judged, decimals)


@for_scenarios(SEPTEMBER)
def test_the_province_in_september_2024(replayed: Replayed) -> None:
    total = replayed.stored.total()
    assert total.received == 88_646
    assert total.received_online == 78_664
    assert round(100 * total.received_online / total.received, 2) == 88.74
    assert total.resolved == 80_185
    levels = replayed.stored.by_level()
    assert levels.keys() == {"department", "district", "commune"}
    assert share(levels["department"]) == 99.45
    assert share(levels["district"]) == 99.19
    assert share(levels["commune"]) == 99.60
    assert sum(level.received for level in levels.values()) == 88_646


@for_scenarios(CITY)
def test_hoa_binh_city_in_the_first_half_of_2023(replayed: Replayed) -> None:
    levels, units = replayed.stored.by_level(), replayed.stored.by_unit()
    city = units["148"]
    assert (levels["district"].received, levels["district"].resolved) == (1_651, 1_577)
    assert (city.received, city.resolved, city.open) == (1_651, 1_577, 74)
    assert (levels["commune"].received, levels["commune"].resolved) == (23_136, 23_094)
    assert len(units) == 1 + 19


@for_scenarios(TAN_LAC)
def test_tan_lac_at_the_end_of_2020(replayed: Replayed) -> None:
    total = replayed.stored.total()
    assert (total.received, total.received_online) == (10_441, 10_441)


@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_every_promised_figure_is_on_the_wall(replayed: Replayed) -> None:
    promised = replayed.scenario.figures()
    stored = replayed.stored
    assert stored.total() == promised.total
    assert stored.open_now() == promised.total.open
    units = stored.by_unit()
    for unit, counts in promised.by_unit.items():
        assert units.get(unit, Counts()) == counts, unit
    assert units.keys() <= promised.by_unit.keys()
    levels = stored.by_level()
    assert levels.keys() == {level.value for level in promised.by_level}
    for level, counts in promised.by_level.items():
        found = levels[level.value]
        assert (found.received, found.resolved) == (counts.received, counts.resolved), level
        assert share(found) == counts.on_time_percent, level


@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_the_report_balances(replayed: Replayed) -> None:
    total = replayed.stored.total()
    assert total.carried_over + total.received == total.finished + replayed.stored.open_now()


@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_nothing_is_lost_and_nothing_counted_twice(replayed: Replayed) -> None:
    assert replayed.sent == EVENTS[replayed.scenario.name] == len(replayed.recount.payloads)
    replayed.recount.check(replayed.rig)


@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_the_second_implementation_finds_no_difference(replayed: Replayed) -> None:
    check_verified(replayed.rig)


@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_old_data_makes_no_dead_letter_and_alerts_nobody(replayed: Replayed) -> None:
    assert replayed.rig.rows("SELECT count() FROM dead_letters") == [(0,)]
    assert replayed.rig.rows("SELECT count() FROM alerts WHERE digest = 0") == [(0,)]


def test_a_worker_that_is_told_to_stop_leaves_the_walls_up_to_date(
    kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    """The walls' table follows the cells with a pause; an orderly end must not cut it off."""
    with own_rig(kafka, clickhouse, tmp_path) as rig:
        worker = rig.start_worker()
        rig.replay(outgoing(scenario("small").events()))
        rig.settle()
        assert worker.stop() == 0
        check_verified(rig)


@for_scenarios(SEPTEMBER)
def test_the_alerts_that_september_2024_calls_for(replayed: Replayed) -> None:
    """Exactly those, found by folding every beginning of every file anew; and with one commune's
    feed cut for a day no wrong one, though its files look late meanwhile."""
    rig, reference = replayed.rig, load_reference(WorkerSettings(_env_file=None))
    start, end = (int(at.timestamp()) for at in (replayed.scenario.start, replayed.scenario.end))
    histories = list(read_period(rig.client, start, end))
    wanted = expected(histories, reference, start, end)
    report = told_by(histories, reference, start, end)
    assert {alert for (alert, _), count in report.told.items() if count} == wanted
    assert set(report.told.values()) == {1}, "nobody twice, nothing taken back"
    counts = Counter(alert.partition("/")[0] for alert in wanted)
    assert counts == SEPTEMBER_ALERTS
    # Every file that was finished late, by the warehouse's own verdict, is among them.
    late = rig.rows(
        "SELECT dossier_id FROM dossiers FINAL"
        " WHERE verdict = 'late' AND received_at >= {start:Int64}",
        start=start,
    )
    assert {row[0] for row in late} <= {alert.split("/")[1] for alert in wanted}
    cut = last_minute_place(histories, reference, start, end)
    files = of_receiver(histories, cut[0])
    usual = told_by(files, reference, start, end)
    trusting = told_by(files, reference, start, end, cut=cut, trusting=True)
    assert -1 in _takings_back(trusting), "without watching the feed the test could not fail"
    watching = told_by(files, reference, start, end, cut=cut)
    assert watching.told == usual.told
    assert -1 not in _takings_back(watching)


def _takings_back(report: Report) -> set[int]:
    return {-1 for (kind, _), count in report.messages.items() if kind == "withdrawal" and count}
