"""Colours of states: red is red, and nobody needs to see it to know which state it is."""

from __future__ import annotations

import colorsys
import re
from importlib import resources
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from dashboards.grafana.look import COLOURS
from dashboards.panel import Level

Vector = NDArray[np.float64]
STATES = ("good", "notice", "alarm")
#: Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB; and what others see.
VISIONS = {
    "usual": np.eye(3),
    "protan": np.array([
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ]),
    "deutan": np.array([
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]),
    "tritan": np.array([
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
_XYZ = np.array([
    [0.4124564, 0.3575761, 0.1804375],
    [0.2126729, 0.7151522, 0.0721750],
    [0.0193339, 0.1191920, 0.9503041],
])  # fmt: skip
_WHITE = np.array([0.95047, 1.0, 1.08883])
#: Two colours side by side are told apart from about 2 on; across a room and in small signs it
#: takes a multiple of it.
LEAST_DIFFERENCE = 20.0


def _static(name: str) -> str:
    return resources.files("ioc.wall").joinpath("static", name).read_text("utf-8")


def _themes() -> dict[str, dict[str, str]]:
    dark, light = re.findall(r":root[^{]*\{(.*?)\}", _static("theme.css"), re.DOTALL)[:2]
    found = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text)) for text in (dark, light)]
    return {"dark": found[0], "light": {**found[0], **found[1]}}


THEMES = _themes()
each_theme = pytest.mark.parametrize("theme", THEMES)


def _linear(colour: str) -> Vector:
    parts = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((float(_XYZ[1] @ _linear(each)) for each in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _seen(colour: str, vision: str) -> Vector:
    """CIE L*a*b* of what somebody sees."""
    ratio = _XYZ @ np.clip(VISIONS[vision] @ _linear(colour), 0, 1) / _WHITE
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def _hue(colour: str) -> float:
    return colorsys.rgb_to_hsv(*(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)))[0] * 360


def test_the_measure_knows_the_two_colours_that_were_one():
    """A dark orange and a dark amber on white looked the same to deutan eyes."""
    seen = [_seen(colour, "deutan") for colour in ("#855500", "#ad3800")]
    assert np.linalg.norm(seen[0] - seen[1]) < 5
    assert _contrast("#855500", "#ad3800") < 1.05


@pytest.mark.parametrize("vision", VISIONS)
@each_theme
def test_states_differ_for_everybody(theme: str, vision: str):
    for one, other in combinations(STATES, 2):
        seen = [_seen(THEMES[theme][state], vision) for state in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) >= LEAST_DIFFERENCE, (one, other)


@each_theme
def test_alarm_is_red_and_differs_from_notice_in_lightness_too(theme: str):
    colours = THEMES[theme]
    assert _hue(colours["alarm"]) <= 5 or _hue(colours["alarm"]) >= 345
    assert 30 <= _hue(colours["notice"]) <= 60
    assert _contrast(colours["alarm"], colours["notice"]) >= 1.5


@each_theme
def test_states_are_read_on_every_ground(theme: str):
    colours = THEMES[theme]
    for state in STATES:
        for ground in ("panel", "ground", "alarm-ground"):
            assert _contrast(colours[state], colours[ground]) >= 4.5, (state, ground)


def test_each_state_has_its_own_sign():
    signs = dict(re.findall(r'^  (\w+): "(M[^"]+)"', _static("dom.js"), re.MULTILINE))
    assert set(STATES) <= set(signs)
    assert len({signs[state] for state in STATES}) == len(STATES)


@pytest.mark.parametrize("vision", VISIONS)
def test_grafanas_states_differ_for_everybody(vision: str):
    seen = [_seen(COLOURS[level], vision) for level in (Level.NOTICE, Level.ALARM)]
    assert np.linalg.norm(seen[0] - seen[1]) >= LEAST_DIFFERENCE
    hue = _hue(COLOURS[Level.ALARM])
    assert hue <= 5 or hue >= 345
