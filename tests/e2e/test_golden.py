"""The published figures, exactly, out of a replay through the whole real pipeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from browser import chromium, watched_page
from input_recount import InputRecount
from pipeline_kit import BUSY, check_same, check_verified, own_rig, state_of, wait_walls
from playwright.sync_api import expect
from rig import Rig
from september_alerts import (
    by_receiver,
    expected,
    last_minute_days,
    over_when_heard,
    told_by,
)
from spoiled_run import spoiled_state
from stored_figures import StoredFigures
from wall_kit import Wall

from ioc.alerts.preview.report import Report
from ioc.alerts.preview.run import read_period
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.reference import load_reference
from ioc.replay.outgoing import outgoing
from ioc.scenarios.catalogue import scenario
from ioc.scenarios.figures import Counts
from ioc.scenarios.scenario import Scenario
from ioc.scenarios.spoiling import WAYS
from schemas.settings import WorkerSettings

SEPTEMBER, CITY, TAN_LAC = "september-2024", "hoa-binh-city-2023h1", "tan-lac-2020"
#: Alerts that the month calls for, one id a line; how many there are by rule.
SEPTEMBER_LIST = Path(__file__).with_name("september_2024_alerts.txt")
SEPTEMBER_ALERTS = {"leg_overdue": 4_151, "overdue": 510, "receipt_overdue": 382}
#: Of the 151 that there were, those with files that were finished on the day they were due.
COMMUNES = 151
#: Addresses of the wall, and the published figures there; the city's are those of its own
#: departments and, one level below, of its wards and communes.
PAGES = {
    SEPTEMBER: "/board/province?from=2024-09-01&to=2024-09-30&at=2024-09-30T23:59",
    CITY: "/board/unit?from=2023-01-01&to=2023-06-30&at=2023-06-30T23:59&level=commune&unit=148",
}
SHOWN = {
    SEPTEMBER: {"received": "88.646", "resolved": "80.185"},
    CITY: {"received": "23.136", "resolved": "23.094"},
}
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
    with own_rig(kafka, clickhouse, tmp_path_factory.mktemp("golden"), env=BUSY) as rig:
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


@pytest.mark.timeout(1_200)
@for_scenarios(SEPTEMBER, CITY, TAN_LAC)
def test_a_stream_that_is_spoiled_in_every_way_gives_the_same_state(
    replayed: Replayed, kafka: EmbeddedKafka, clickhouse: EmbeddedClickHouse, tmp_path: Path
) -> None:
    spoiled = spoiled_state(kafka, clickhouse, tmp_path, replayed.scenario.name, *WAYS)
    check_same(spoiled, state_of(replayed.rig))


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


@for_scenarios(SEPTEMBER, CITY)
def test_the_page_shows_the_published_figures(replayed: Replayed, tmp_path: Path) -> None:
    """What desks sent, read off the wall by whoever stands before it."""
    name = replayed.scenario.name
    wall = Wall(replayed.rig.clickhouse, replayed.rig.database, tmp_path)
    wall.start()
    try:
        with chromium() as browser, watched_page(browser) as watched:
            page = watched.page
            page.goto(f"{wall.url}{PAGES[name]}")
            for figure, number in SHOWN[name].items():
                shown = page.locator(f'.tile[data-figure="{figure}"] .number')
                expect(shown).to_have_text(number, timeout=20_000)
            assert watched.hosts == {"127.0.0.1"}
    finally:
        wall.end()


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
    """Exactly those, found by folding every beginning of every file anew."""
    rig, reference = replayed.rig, load_reference(WorkerSettings(_env_file=None))
    start, end = (int(at.timestamp()) for at in (replayed.scenario.start, replayed.scenario.end))
    histories = list(read_period(rig.client, start, end))
    wanted = expected(histories, reference, start, end)
    report = told_by(histories, reference, start, end)
    assert {alert for (alert, _), count in report.told.items() if count} == wanted
    assert set(report.told.values()) == {1}, "nobody twice, nothing taken back"
    assert wanted == set(SEPTEMBER_LIST.read_text("utf-8").splitlines())
    counts = Counter(alert.partition("/")[0] for alert in wanted)
    assert counts == SEPTEMBER_ALERTS
    # Every file that was finished late, by the warehouse's own verdict, is among them.
    late = rig.rows(
        "SELECT dossier_id FROM dossiers FINAL"
        " WHERE verdict = 'late' AND received_at >= {start:Int64}",
        start=start,
    )
    assert {row[0] for row in late} <= {alert.split("/")[1] for alert in wanted}


@for_scenarios(SEPTEMBER)
def test_a_feed_that_is_cut_for_a_day_makes_no_wrong_alert(replayed: Replayed) -> None:
    """Of no commune, large or small, though its files look late meanwhile."""
    reference = load_reference(WorkerSettings(_env_file=None))
    start, end = (int(at.timestamp()) for at in (replayed.scenario.start, replayed.scenario.end))
    histories = list(read_period(replayed.rig.client, start, end))
    desks = by_receiver(histories)
    days = last_minute_days(histories, reference, start, end)
    assert len(days) == COMMUNES
    worst = next(iter(days.items()))
    trusting = told_by(desks[worst[0]], reference, start, end, cut=worst, trusting=True)
    assert -1 in _takings_back(trusting), "without watching the feed the test could not fail"
    for cut in days.items():
        files = desks[cut[0]]
        usual = told_by(files, reference, start, end)
        watching = told_by(files, reference, start, end, cut=cut)
        assert -1 not in _takings_back(watching), cut
        called_for, told = (
            {alert for (alert, _), count in report.told.items() if count}
            for report in (usual, watching)
        )
        assert told <= called_for, cut
        for alert in called_for - told:
            assert over_when_heard(alert, files, reference, cut, end), alert


def _takings_back(report: Report) -> set[int]:
    return {-1 for (kind, _), count in report.messages.items() if kind == "withdrawal" and count}
