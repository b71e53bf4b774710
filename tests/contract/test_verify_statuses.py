"""docs/fold.md, section 4, in SQL: what each status means after another, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from verify_kit import AuditLog, event, recompute, warehouse

# Statuses in order (r: the event carries received_at) -> phase, status shown, received.
CASES = """
1       awaiting    1  0
2       processing  2  1
4       processing  4  1
5       supplement  5  1
6       payment     6  1
9       resolved    9  1
10      resolved   10  1
3       refused     3  0
7       withdrawn   7  0
7r      withdrawn   7  1
8       stopped     8  1

1 1     awaiting    1  0
1 2     processing  2  1
1 4     processing  4  1
1 5     supplement  5  1
1 6     payment     6  1
1 9     resolved    9  1
1 10    resolved   10  1
1 3     refused     3  0
1 7     withdrawn   7  0
1 7r    withdrawn   7  1
1 8     stopped     8  0
1 8r    stopped     8  1

2 1     processing  2  1
2 4     processing  4  1
4 2     processing  2  1
2 5     supplement  5  1
2 6     payment     6  1
2 9     resolved    9  1
2 10    resolved   10  1
2 3     refused     3  0
2 7     withdrawn   7  1
2 8     stopped     8  1

5 1     supplement  5  1
5 2     processing  2  1
5 4     processing  4  1
5 5     supplement  5  1
5 6     payment     6  1
5 9     resolved    9  1
5 10    resolved   10  1
5 3     refused     3  0
5 7     withdrawn   7  1
5 8     stopped     8  1
6 1     payment     6  1
6 4     processing  4  1
6 5     supplement  5  1
6 6     payment     6  1
6 9     resolved    9  1
6 10    resolved   10  1
6 3     refused     3  0
6 7     withdrawn   7  1
6 8     stopped     8  1

9 1     resolved    9  1
9 2     processing  2  1
9 4     processing  4  1
9 5     supplement  5  1
9 6     resolved    9  1
9 9     resolved    9  1
9 10    resolved   10  1
9 3     resolved    9  1
9 7     resolved    9  1
9 8     resolved    9  1
10 1    resolved   10  1
10 2    processing  2  1
10 4    processing  4  1
10 5    supplement  5  1
10 6    resolved   10  1
10 9    resolved   10  1
10 10   resolved   10  1
10 3    resolved   10  1
10 7    resolved   10  1
10 8    resolved   10  1
2 9 4 9 resolved    9  1
2 9 4 7 withdrawn   7  1
2 9 10 5 10  resolved  10  1
2 9 6 10     resolved  10  1

3 1     awaiting    1  0
2 3 1   refused     3  0
3 2     processing  2  1
3 4     processing  4  1
3 5     supplement  5  1
3 6     payment     6  1
3 9     resolved    9  1
3 10    resolved   10  1
3 3     refused     3  0
3 7     refused     3  0
3 8     refused     3  0

7 1     awaiting    1  0
1 7 1   awaiting    1  0
1 7r 1  withdrawn   7  1
8 1     stopped     8  1
2 7 1   withdrawn   7  1
1 7 2   processing  2  1
7 4     processing  4  1
2 7 5   supplement  5  1
2 7 6   payment     6  1
2 7 9   resolved    9  1
2 7 10  resolved   10  1
2 7 3   withdrawn   7  1
2 7 8   withdrawn   7  1
1 7 8   withdrawn   7  0
2 7 7   withdrawn   7  1
8 7     stopped     8  1
8 2     processing  2  1
2 8 5   supplement  5  1
2 8 6   payment     6  1
2 8 9   resolved    9  1
8 10    resolved   10  1
2 8 3   stopped     8  1
"""
FINISHED = {"resolved", "refused", "withdrawn", "stopped"}


def _cases() -> Iterator[tuple[str, str, int, int]]:
    for line in filter(str.strip, CASES.splitlines()):
        *statuses, phase, status, received = line.split()
        yield " ".join(statuses), phase, int(status), int(received)


@pytest.fixture(scope="module")
def facts(clickhouse: Any) -> Iterator[dict[str, dict[str, Any]]]:
    log = AuditLog()
    for statuses, *_ in _cases():
        log.add(
            statuses,
            *(
                event(
                    int(text.rstrip("r")),
                    f"2024-03-04 08:{minute:02}",
                    received_at="2024-03-04 07:30" if text.endswith("r") else None,
                )
                for minute, text in enumerate(statuses.split())
            ),
        )
    with warehouse(clickhouse) as client:
        log.store(client)
        yield recompute(client).facts


@pytest.mark.parametrize(("statuses", "phase", "status", "received"), _cases())
def test_status_after_status(
    facts: dict[str, dict[str, Any]], statuses: str, phase: str, status: int, received: int
) -> None:
    row = facts[statuses]
    assert (row["phase"], row["status"], row["received"]) == (phase, status, received)
    assert row["live"] == (phase not in FINISHED)
    assert (row["finished_at"] > 0) == (phase in FINISHED)
    assert (row["result_at"] > 0) == (phase == "resolved")
    assert (row["returned_at"] > 0) == (status == 10)
    assert (row["received_at"] > 0) == received
    assert (row["paused_since"] > 0) == (phase in {"supplement", "payment"})
