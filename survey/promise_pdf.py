"""The promise sheet and the draft record of processing on paper."""

from __future__ import annotations

from pathlib import Path

from survey.print_pdf import print_pdf, templates, write_replacing
from survey.promise import PromiseSheet, Section


def write_promise(sheet: PromiseSheet, out: Path) -> None:
    """Write the two-page PDF; an earlier one is replaced."""
    write_replacing(out, promise_pdf(sheet))


def promise_pdf(sheet: PromiseSheet) -> bytes:
    """The PDF of a promise sheet."""
    return _pdf(sheet, sheet.sections, sheet.heading, "dense")


def record_pdf(sheet: PromiseSheet, record: Section) -> bytes:
    """The PDF of the draft record of processing of the same study."""
    return _pdf(sheet, (record,), "Verzeichnis von Verarbeitungstätigkeiten", "")


def _pdf(sheet: PromiseSheet, sections: tuple[Section, ...], heading: str, kind: str) -> bytes:
    template = templates().get_template("print/promise.html")
    html = template.render(sheet=sheet, sections=sections, heading=heading, kind=kind)
    style = templates().get_template("print/print.css").render(foot=f"{heading} · {sheet.study}")
    return print_pdf(html, style + templates().get_template("print/promise.css").render())
