"""What a desk holds is read without holding up others."""

from __future__ import annotations

import asyncio
import json

import pytest

from ioc.gateway.problems import Problem
from ioc.gateway.reconcile.question import MOST_DOSSIERS, dossiers_in, question_of


def body_of(ids: list[str]) -> bytes:
    dossiers = [{"dossier_id": each, "status": 4} for each in ids]
    return json.dumps({"from": "2024-09-01", "to": "2024-09-30", "dossiers": dossiers}).encode()


async def test_others_have_their_turn_while_many_dossiers_are_read() -> None:
    turns = 0
    read = asyncio.Event()

    async def other() -> None:
        nonlocal turns
        while not read.is_set():
            turns += 1
            await asyncio.sleep(0)

    others = asyncio.create_task(other())
    question = await question_of(body_of([f"H28\u2013{number}" for number in range(20_000)]))
    read.set()
    await others
    assert len(question.held) == 20_000
    assert question.held["H28-19999"] == 4
    assert turns >= 20_000 // 1_000  # a thousand of such codes take some milliseconds


async def test_codes_have_one_spelling() -> None:
    question = await question_of(body_of([" H28-1 ", "H28\u20131", "H28-\u200b1", "h28-1"]))
    assert question.held == {"H28-1": 4, "h28-1": 4}


@pytest.mark.parametrize("code", [" ", "\u200b", "\u00a0\u2060"])
async def test_nothing_is_no_code(code: str) -> None:
    with pytest.raises(Problem) as told:
        await question_of(body_of(["H28-1", code]))
    assert told.value.status == 422


def test_dossiers_are_counted_before_they_are_read() -> None:
    assert dossiers_in(body_of(["a", "b", "c"])) == 3
    assert dossiers_in(b"[1") == 0
    with pytest.raises(Problem) as told:
        dossiers_in(b"{" * (MOST_DOSSIERS + 2))
    assert told.value.status == 413
