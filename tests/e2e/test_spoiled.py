"""However a stream is spoiled, the state is that of the clean stream.

All ways at once are tried on the published figures: `test_golden.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pipeline_kit import Beside, check_same
from spoiled_run import spoiled_state

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.embedded.kafka import EmbeddedKafka
from ioc.scenarios.spoiling import WAYS

CLEAN = "clean"


@pytest.fixture(scope="module")
def runs(
    kafka: EmbeddedKafka,
    clickhouse: EmbeddedClickHouse,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Beside]:
    folder = tmp_path_factory.mktemp("spoiled")
    chosen = [(CLEAN, ()), *((way, (way,)) for way in WAYS)]
    beside = Beside(
        [
            (name, lambda ways=ways: spoiled_state(kafka, clickhouse, folder, "small", *ways))
            for name, ways in chosen
        ],
        at_once=2,
    )
    yield beside
    beside.close()


@pytest.mark.parametrize("way", WAYS)
def test_one_way_of_spoiling_changes_nothing(runs: Beside, way: str) -> None:
    clean = runs.result(CLEAN)
    assert len(clean["dossiers"]) == 304
    check_same(runs.result(way), clean)


def test_the_comparison_sees_one_wrong_cell(runs: Beside) -> None:
    """A comparison that finds nothing must be able to find something."""
    clean = runs.result(CLEAN)
    first, *others = clean["open_dossiers"]
    wrong = {**clean, "open_dossiers": [(*first[:-1], first[-1] + 1), *others]}
    with pytest.raises(AssertionError, match="open_dossiers: 1 rows differ"):
        check_same(wrong, clean)
