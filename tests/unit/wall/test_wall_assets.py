"""The files of the page: what comes out of the package must be there."""

from __future__ import annotations

import gzip
import re
from importlib import metadata, resources

import orjson
import pytest
from wall_assets_kit import make_assets

from ioc.wall.assets import CHARTS_PACKAGE, Assets


@pytest.fixture(scope="module")
def assets() -> Assets:
    return make_assets()


def test_the_charts_are_in_the_wheel_as_a_module(assets: Assets):
    """Private paths of another package: an update that moves them must not pass unseen."""
    vendor = f"/vendor/{metadata.version(CHARTS_PACKAGE)}"
    entry = assets.find(f"{vendor}/charts/index.js")
    assert entry is not None
    (chunk,) = re.findall(rb'from"\./([^"]+)"', entry.body)
    assert re.search(rb"export\{\w+ as echarts", entry.body)
    module = assets.find(f"{vendor}/charts/{chunk.decode()}")
    assert module is not None
    assert module.packed is not None
    assert gzip.decompress(module.packed) == module.body
    assert len(module.packed) < 420_000


def test_the_font_has_vietnamese_letters_and_every_file_it_names(assets: Assets):
    vendor = f"/vendor/{metadata.version(CHARTS_PACKAGE)}"
    sheet = assets.find(f"{vendor}/fonts.css")
    assert sheet is not None
    faces = [face for face in sheet.body.decode().split("@font-face") if '"Roboto"' in face]
    assert any("U+1EA0-1EF9" in face for face in faces)
    for face in faces:
        (name,) = re.findall(r"url\(([^)]+)\)", face)
        font = assets.find(f"{vendor}/{name}")
        assert font is not None
        assert font.media_type == "font/woff2"


PAGES = pytest.mark.parametrize("name", ["index.html", "login.html"])


@PAGES
def test_the_page_names_only_files_that_are_served(assets: Assets, name: str):
    page = assets.template(name).replace("%LANGUAGE%", "vi")
    assert "%BUILD%" not in page
    assert "%VENDOR%" not in page
    names = re.findall(r'(?:src|href|data-charts)="([^"]+)"', page)
    assert len(names) >= 4
    for address in names:
        assert assets.find(address) is not None, address


@PAGES
def test_the_page_has_no_script_or_style_of_its_own(assets: Assets, name: str):
    page = assets.template(name)
    assert not re.search(r"<script(?![^>]*\bsrc=)", page)
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"\son\w+=", page)


def test_modules_import_only_files_that_are_served(assets: Assets):
    for file in resources.files("ioc.wall").joinpath("static").iterdir():
        if file.name.endswith(".js"):
            text = file.read_text("utf-8")
            assert "innerHTML" not in text
            assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
            assert "https://" not in text
            for name in re.findall(r'(?:from|import\() ?"\./([\w.]+)"', text):
                assert assets.find(f"/static/{assets.build}/{name}") is not None, name


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_catalogue_of_each_language(assets: Assets, language: str):
    asset = assets.find(f"/static/{assets.build}/catalogue.{language}.json")
    assert asset is not None
    content = orjson.loads(asset.body)
    assert set(content) == {"texts", "boards", "values", "periods", "queries", "short_names"}
    assert content["texts"]["live"] == {"vi": "Trực tiếp", "en": "Live"}[language]


def test_the_build_changes_with_what_the_page_says(assets: Assets):
    assert make_assets(31).build != assets.build
    assert make_assets(30).build == assets.build
