"""The promise sheet and the draft record of processing on paper."""

from __future__ import annotations

from pathlib import Path

from survey.print_pdf import print_pdf, templates, write_replacing
from survey.promise import PromiseSheet, Section
from survey.translation import spoken

RECORD = {
    "de": "Verzeichnis von Verarbeitungstätigkeiten",
    "en": "Record of processing activities",
}
PAGE = {"de": "Seite", "en": "Page"}


def write_promise(sheet: PromiseSheet, out: Path) -> None:
    """Write the two-page PDF; an earlier one is replaced."""
    write_replacing(out, promise_pdf(sheet))


def promise_pdf(sheet: PromiseSheet) -> bytes:
    """The PDF of a promise sheet."""
    return _pdf(sheet, sheet.sections, sheet.heading, sheet.language, "dense")


def record_pdf(sheet: PromiseSheet, record: Section, language: str = "de") -> bytes:
    """The PDF of the draft record of processing of the same study, in German or English."""
    return _pdf(sheet, (record,), RECORD[language], language, "")


def _pdf(
    sheet: PromiseSheet, sections: tuple[Section, ...], heading: str, language: str, kind: str
) -> bytes:
    template = templates().get_template("print/promise.html")
    html = template.render(
        sheet=sheet, sections=sections, heading=heading, language=language, kind=kind
    )
    sheet_style = templates().get_template("print/print.css")
    style = sheet_style.render(
        foot=f"{heading} · {sheet.study}", page_word=PAGE.get(spoken(language), PAGE["en"])
    )
    return print_pdf(html, style + templates().get_template("print/promise.css").render())
