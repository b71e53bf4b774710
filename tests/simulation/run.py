"""Runs schedules by seed: `python tests/simulation/run.py 1234` traces one, `… 0 500` runs many."""

from __future__ import annotations

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sim_schedule import run_seed


def main() -> int:
    first, *more = (int(word) for word in sys.argv[1:])
    if not more:
        result = run_seed(first, trace=True)
        print(*result.trace, sep="\n")
        print(result if result.wrong else f"seed {first}: right ({result.plan})")
        return 1 if result.wrong else 0
    started, steps, wrong = time.perf_counter(), 0, []
    for seed in range(first, first + more[0]):
        result = run_seed(seed)
        steps += result.steps
        if result.wrong:
            wrong.append(result)
            print(result)
    seconds = time.perf_counter() - started
    print(f"{more[0]} schedules, {len(wrong)} wrong, {more[0] / seconds:.1f}/s, {steps} steps")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
