"""From our own HTML to a tagged PDF (PDF/UA-1), with the packaged font and nothing from outside.

Whatever is printed before a dossier exists goes through here: questionnaires on paper, code
cards, key sheets, promise sheets, protocols.
"""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import fontpkg_source_sans_3
from jinja2 import Environment, PackageLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from survey.errors import SurveyError

VARIANT = "pdf/ua-1"
ADDRESS = "paper:"
"""Scheme of what a page may show: fonts, and pictures that are handed over with it."""

_FONTS = {
    "upright": ("SourceSans3[wght].ttf", "normal"),
    "italic": ("SourceSans3-Italic[wght].ttf", "italic"),
}


def templates() -> Environment:
    """The templates of everything that is printed."""
    return Environment(
        loader=PackageLoader("survey"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def font_faces() -> str:
    """The style rules that name the packaged font “Paper Sans”."""
    return "\n".join(
        f'@font-face {{ font-family: "Paper Sans"; src: url("{ADDRESS}{name}"); '
        f"font-style: {style}; }}"
        for name, (_, style) in _FONTS.items()
    )


def print_pdf(html: str, style: str, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The tagged PDF of a page; ``pictures`` are named ``paper:NAME`` in it.

    Raises ``SurveyError`` if something on the page cannot be printed.
    """
    fetcher, fonts = _OwnFilesOnly(pictures or {}), FontConfiguration()
    with _complaints() as said:
        sheet = CSS(
            string=font_faces() + style, url_fetcher=fetcher, font_config=fonts, base_url=ADDRESS
        )
        page = HTML(string=html, url_fetcher=fetcher, base_url=ADDRESS)
        document = page.render(stylesheets=[sheet], font_config=fonts)
        written: bytes = document.write_pdf(pdf_variant=VARIANT)
    if said:
        raise SurveyError("this could not be printed: " + "; ".join(said))
    return written


def write_replacing(out: Path, content: bytes) -> None:
    """Write the whole file or nothing; an earlier one is replaced."""
    aside = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        with aside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


class _OwnFilesOnly(URLFetcher):  # type: ignore[misc]
    """Opens the packaged fonts and the pictures of this page, and refuses every other address."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        super().__init__(allowed_protocols=())
        self._folder = Path(fontpkg_source_sans_3.__file__).parent / "files"
        self._pictures = pictures

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """The bytes of a font or picture; raises ``ValueError`` for any other address."""
        name = url.removeprefix(ADDRESS)
        if url.startswith(ADDRESS) and name in self._pictures:
            return URLFetcherResponse(url, self._pictures[name])
        if not url.startswith(ADDRESS) or name not in _FONTS:
            raise ValueError(f"a printed page opens nothing from outside, so not {url}")
        return URLFetcherResponse(url, (self._folder / _FONTS[name][0]).read_bytes())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """What the renderer would only log; a missing font or figure is a defect on paper."""
    said: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    log, listener = logging.getLogger("weasyprint"), Listener(logging.WARNING)
    log.addHandler(listener)
    try:
        yield said
    finally:
        log.removeHandler(listener)
