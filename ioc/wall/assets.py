"""The files of the page: ours, and the charts and fonts that come inside a package's wheel.

Everything is read and packed once at the start. Addresses carry a version, so browsers keep the
files for good; the page itself is never kept.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata, resources
from pathlib import Path

import orjson

from ioc.wall.catalogue import make_catalogue
from ioc.wall.choices import Choices
from schemas.errors import ConfigurationError
from schemas.messages import LANGUAGES

#: The wheel whose files the page uses. These paths are not its public interface: the version is
#: pinned, and a test checks that they are there.
CHARTS_PACKAGE = "nicegui"
_CHARTS_FOLDER = "nicegui/elements/echart/dist"
_FONTS_FOLDER = "nicegui/static"
CHARTS_MODULE = "index.js"

_PACKED_TYPES = ("text/", "application/json", "image/svg")
_MIN_PACKED_BYTES = 512


@dataclass(frozen=True, slots=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    media_type: str
    packed: bytes | None


class Assets:
    """All files by their address."""

    def __init__(self, values: Mapping[str, object], choices: Choices) -> None:
        """Read and pack all files; takes some tenths of a second.

        Args:
            values: what the catalogue's texts name, such as the minimum of a ranking.
            choices: what a board's variables can be set to.

        Raises:
            ConfigurationError: the package with the charts is not there, or is another one.
        """
        own = dict(_own_files())
        for language in LANGUAGES:
            own[f"catalogue.{language}.json"] = make_catalogue(language, values)
            own[f"choices.{language}.json"] = orjson.dumps(choices.as_dict(language))
        self.build = _build(own)
        charts = f"/vendor/{metadata.version(CHARTS_PACKAGE)}"
        package = dict(_package_files())
        modules = [f"/static/{self.build}/{name}" for name in sorted(own) if name.endswith(".js")]
        modules += [f"{charts}/{name}" for name in _chart_modules(package)]
        self._templates = {
            name: own.pop(name)
            .decode()
            .replace("%PRELOADS%", _preloads(modules))
            .replace("%BUILD%", self.build)
            .replace("%VENDOR%", charts)
            for name in ("index.html", "login.html")
        }
        self._files = {f"/static/{self.build}/{name}": _asset(name, own[name]) for name in own}
        for name, body in package.items():
            self._files[f"{charts}/{name}"] = _asset(name, body)

    def find(self, path: str) -> Asset | None:
        """Return the file of an address."""
        return self._files.get(path)

    def template(self, name: str) -> str:
        """Return a page with its `%NAMES%` still to be filled."""
        return self._templates[name]


def _chart_modules(package: Mapping[str, bytes]) -> list[str]:
    """Return the entry of the charts and what it imports."""
    entry = f"charts/{CHARTS_MODULE}"
    imported = re.findall(r'from"\./([^"]+)"', package[entry].decode())
    return [entry, *(f"charts/{name}" for name in imported)]


def _preloads(modules: Iterable[str]) -> str:
    # Found one behind the other, each import would cost a round trip.
    return "\n  ".join(f'<link rel="modulepreload" href="{address}">' for address in modules)


def _own_files() -> Iterator[tuple[str, bytes]]:
    for file in resources.files("ioc.wall").joinpath("static").iterdir():
        if not file.name.startswith("."):
            yield file.name, file.read_bytes()


def _package_files() -> Iterator[tuple[str, bytes]]:
    folder = _package_folder()
    for file in sorted((folder / _CHARTS_FOLDER).glob("index*.js")):
        yield f"charts/{file.name}", file.read_bytes()
    fonts = folder / _FONTS_FOLDER
    yield "fonts.css", (fonts / "fonts.css").read_bytes()
    for file in sorted((fonts / "fonts").glob("*.woff2")):
        yield f"fonts/{file.name}", file.read_bytes()


def _package_folder() -> Path:
    """Return the folder that holds the package, without importing it (half a second)."""
    folder = Path(str(metadata.distribution(CHARTS_PACKAGE).locate_file("")))
    module = folder / _CHARTS_FOLDER / CHARTS_MODULE
    if not module.is_file():
        raise ConfigurationError(
            f"{module} is missing: install the pinned version of {CHARTS_PACKAGE} again"
        )
    return folder


def _build(own: dict[str, bytes]) -> str:
    digest = hashlib.sha256(metadata.version("ioc-streams").encode())
    for name in sorted(own):
        digest.update(name.encode() + b"\0" + own[name] + b"\0")
    return digest.hexdigest()[:12]


def _asset(name: str, body: bytes) -> Asset:
    media_type = "text/javascript" if name.endswith(".js") else _media_type(name)
    packed = None
    if len(body) >= _MIN_PACKED_BYTES and media_type.startswith(_PACKED_TYPES):
        packed = gzip.compress(body, mtime=0)
    if media_type.startswith("text/"):
        media_type += "; charset=utf-8"
    return Asset(body, media_type, packed)


def _media_type(name: str) -> str:
    if name.endswith(".woff2"):
        return "font/woff2"
    return mimetypes.guess_type(name)[0] or "application/octet-stream"
