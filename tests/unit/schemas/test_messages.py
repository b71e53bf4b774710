"""The texts for people: both languages, the same placeholders, no word of the other language."""

from __future__ import annotations

import re
import string

import pytest

from ioc.cli import HELP_CATALOGUES, build
from schemas.alert_command_texts import AlertSays
from schemas.alert_texts import AlertText
from schemas.answer_command_texts import AnswerSays
from schemas.answer_texts import AnswerText
from schemas.desk_texts import DeskText
from schemas.doctor_texts import Doctor
from schemas.gateway_texts import Refused
from schemas.keys_texts import KeysText
from schemas.messages import Text, Worded, chosen_language

CATALOGUES = (
    Text,
    AlertSays,
    AlertText,
    AnswerSays,
    AnswerText,
    *HELP_CATALOGUES,
    Doctor,
    DeskText,
    KeysText,
    Refused,
)
EVERY = [text for catalogue in CATALOGUES for text in catalogue]


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("text", EVERY, ids=str)
def test_both_languages_are_there_and_agree(text: Worded):
    vi, en = text.value
    assert vi.strip()
    assert en.strip()
    assert _placeholders(vi) == _placeholders(en)


def test_no_text_stands_there_twice_under_two_names():
    """Python makes the second name an alias of the first without a word."""
    for catalogue in CATALOGUES:
        assert len(catalogue.__members__) == len(list(catalogue))


def test_english_has_no_vietnamese_letters():
    for text in EVERY:
        assert not re.search(r"[ăâđêôơưạ-ỹ]", text.value.en), text


def test_unknown_languages_fall_back_to_vietnamese(monkeypatch):
    monkeypatch.delenv("IOC_LANGUAGE", raising=False)
    assert chosen_language() == "vi"
    assert chosen_language("fr") == "vi"
    monkeypatch.setenv("IOC_LANGUAGE", "en")
    assert chosen_language() == "en"
    assert chosen_language("vi") == "vi"


def _commands(command, path=""):
    yield path, command
    for name, child in getattr(command, "commands", {}).items():
        yield from _commands(child, f"{path} {name}")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_command_and_option_has_a_help_text_of_the_catalogue(language):
    known = {text.in_language(language) for catalogue in HELP_CATALOGUES for text in catalogue}
    for path, command in _commands(build(language)):
        assert command.help in known, path
        for parameter in command.params:
            if parameter.name != "help":
                assert parameter.help in known, f"{path} {parameter.name}"
