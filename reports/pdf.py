"""HTML to PDF that is PDF/A-2a and PDF/UA-1 in one file.

WeasyPrint writes one variant at a time. PDF/A-2a already meets every rule of PDF/UA-1 but the
identifier; the finisher adds it, with the extension schema that PDF/A asks for, and names the
scope of every header cell.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from reports.errors import DossierError
from reports.fonts import FAMILY, font_files
from reports.page import ASSET, Page
from reports.svg_text import set_whole_lines

VARIANT = "pdf/a-2a"

set_whole_lines()

UA_IDENTIFIER = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of the standard that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""


class PackagedOnly(URLFetcher):  # type: ignore[misc]
    """Opens the packaged fonts and the pictures in memory, and refuses every other address."""

    def __init__(self, pictures: Mapping[str, bytes], fonts: Mapping[str, Path]) -> None:
        super().__init__(allowed_protocols=())
        self._pictures, self._fonts = pictures, fonts

    def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> URLFetcherResponse:
        """The bytes behind an allowed address; raises ``ValueError`` for any other."""
        if url.startswith(ASSET) and url.removeprefix(ASSET) in self._pictures:
            picture = self._pictures[url.removeprefix(ASSET)]
            return URLFetcherResponse(url, picture, {"Content-Type": "image/svg+xml"})
        if url in self._fonts:
            return URLFetcherResponse(url, self._fonts[url].read_bytes())
        raise ValueError(f"a dossier opens nothing from outside, so not {url}")


def pdf_bytes(page: Page, *, variant: str | None = VARIANT) -> bytes:
    """The PDF of a page of HTML; the same page gives the same bytes.

    Raises ``DossierError`` if the renderer complains about anything at all: what it only logs
    (a missing picture, an unknown property, a figure without alternative text) would be a
    defect in front of the council.
    """
    fonts = {path.as_uri(): path for path in font_files().values()}
    fetcher = PackagedOnly(page.pictures, fonts)
    config = FontConfiguration()
    with _complaints_are_errors(), warnings.catch_warnings():
        # WeasyPrint leaves the file of its colour profile to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        sheets = [
            CSS(string=text, font_config=config, url_fetcher=fetcher)
            for text in (font_faces(), page.style)
        ]
        html = HTML(string=page.html, url_fetcher=fetcher, base_url=ASSET)
        document = html.render(stylesheets=sheets, font_config=config)
        finisher = _finish if variant == VARIANT else None
        written: bytes = document.write_pdf(pdf_variant=variant, finisher=finisher)
    return written


def font_faces() -> str:
    """The ``@font-face`` rules of all cuts."""
    return "\n".join(
        f'@font-face {{ font-family: "{FAMILY}"; src: url("{path.as_uri()}");'
        f" font-weight: {cut.weight}; font-style: {cut.style}; }}"
        for cut, path in font_files().items()
    )


def _finish(_document: Any, pdf: Any) -> None:
    """Add what PDF/UA-1 needs beyond PDF/A-2a, before the file is written."""
    for entry in pdf.objects:
        kind = getattr(entry, "extra", {}).get("Type")
        if kind == "/Metadata":
            (text,) = entry.stream
            before, end, after = text.rpartition(b"</rdf:RDF>")
            if not end:
                raise DossierError("the renderer wrote metadata without an RDF block")
            entry.stream = [before + UA_IDENTIFIER.encode() + end + after]
        elif isinstance(entry, dict) and entry.get("S") == "/TH":
            row = _referenced(pdf, entry["P"])
            in_head = _referenced(pdf, row["P"])["S"] == "/THead"
            entry["A"]["Scope"] = "/Column" if in_head else "/Row"


def _referenced(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _complaints_are_errors() -> Iterator[None]:
    logger, handler = logging.getLogger("weasyprint"), _Complaints()
    level, passes_on = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = passes_on
    if handler.messages:
        raise DossierError("the PDF cannot be built: " + "; ".join(handler.messages))
