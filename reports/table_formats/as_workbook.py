"""The released table as a spreadsheet: a sheet per page, the long table, and where it comes from.

Every sheet is one table: a head, rows below it, a filter over it, no merged cells. Numbers
are numbers; per cent are formats, not rounded values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reports.estimates import COLUMNS, Results
from reports.long_table import as_plain
from reports.table_formats.readable import HEADS, NUMBERS, TEXTS_BEFORE, Line, by_page, readable
from reports.table_formats.words import number_kind
from survey import __version__
from survey.study import Regime

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime(1980, 1, 1)
LONGEST_NAME, LONGEST_TEXT = 31, 32_767
"""Characters of a sheet's name and of a cell that spreadsheets hold."""
TABLE, ABOUT = "estimates", "about"
_FORMATS = {
    "share": "0.0 %",
    "difference": "+0.0 %;−0.0 %;0.0 %",
    "place": "0",
    "p": "0.000",
    "number": "0.00",
}
_WIDTHS = (34, 34, 16, 24, 30, 26, 9, 9, 9, 8, 10, 18, 16, 40)
_REGIMES = {
    Regime.CENSUS_ATTEMPT: "Alle wurden gefragt (versuchte Vollerhebung).",
    Regime.OPEN_PARTICIPATION: "Die Zahlen gelten für alle, die mitgemacht haben.",
    Regime.SELF_SELECTED_READING: "Selbst gewählte Texte: n zählt Rückmeldungen je Text.",
    Regime.PROBABILITY_SAMPLE: "Zufallsstichprobe.",
}


def as_workbook(results: Results) -> bytes:
    """The file; the same results give the same bytes, no text is taken for a formula or link."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": results.release.study.title[:255], "created": _CREATED})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {kind: book.add_format({"num_format": f}) for kind, f in _FORMATS.items()}
        used = {TABLE, ABOUT, "history"}
        for page, lines in by_page(readable(results)).items():
            sheet = book.add_worksheet(sheet_name(page, used))
            _page(sheet, lines, bold, formats)
        _long_table(book, results, bold)
        _about(book, results)
    return buffer.getvalue()


def sheet_name(title: str, used: set[str]) -> str:
    """A name that spreadsheets allow and that no other sheet has; adds it to ``used``.

    >>> used = {"about"}
    >>> sheet_name("Wie gut? [heute]", used), sheet_name("about", used), sheet_name("''", used)
    ('Wie gut heute', 'about 2', 'Seite')
    >>> sheet_name("Qualitäten einer guten Verwaltung", used)
    'Qualitäten einer guten…'
    """
    plain = " ".join(re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).split()).strip("' ")
    if len(plain) > LONGEST_NAME:
        words = plain[: LONGEST_NAME - 1].rsplit(" ", 1)
        plain = words[0] + "…"
    plain = plain.strip("' ") or "Seite"
    name, number = plain, 1
    while name.casefold() in used:
        number += 1
        end = f" {number}"
        name = plain[: LONGEST_NAME - len(end)].rstrip("' ") + end
    used.add(name.casefold())
    return name


def _page(sheet: Worksheet, lines: list[Line], bold: Any, formats: Mapping[str, Any]) -> None:
    for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        sheet.write_string(0, column, head, bold)
        sheet.set_column(column, column, width)
    for row, line in enumerate(lines, start=1):
        for column, text in enumerate(line.texts):
            _text(sheet, row, column, text)
        form = formats[number_kind(line.estimate.statistic)]
        for column, value in enumerate(line.numbers, start=TEXTS_BEFORE):
            if value is not None:
                whole = column >= TEXTS_BEFORE + 3
                sheet.write_number(row, column, value, formats["place"] if whole else form)
        for column, text in enumerate(line.remarks, start=TEXTS_BEFORE + NUMBERS):
            _text(sheet, row, column, text)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(lines), 1), len(HEADS) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text as it is; what a cell cannot hold ends in an ellipsis."""
    if text:
        shown = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
        sheet.write_string(row, column, shown)


def _long_table(book: Workbook, results: Results, bold: Any) -> None:
    sheet = book.add_worksheet(TABLE)
    sheet.write_row(0, 0, COLUMNS, bold)
    last = 0
    for last, row in enumerate(results.rows, start=1):
        for column, name in enumerate(COLUMNS):
            value = as_plain(getattr(row, name))
            if isinstance(value, str):
                _text(sheet, last, column, value)
            elif value is not None:
                sheet.write_number(last, column, value)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(COLUMNS) - 1)


def _about(book: Workbook, results: Results) -> None:
    release = results.release
    study = release.study
    origin = "simulated" if study.demo or study.simulation else "collected"
    pairs = [
        ("study", study.id), ("title", study.title), ("regime", study.regime.value),
        ("fingerprint", release.fingerprint), ("questionnaire", release.codebook.version),
        ("program", f"Meinungsbild {__version__}"), ("origin", origin),
        *((name, str(value)) for name, value in release.rules.items()),
        ("methods", "docs/METHODS.md"),
        ("Grundlage", _REGIMES[study.regime]),
        ("Werte", "ungerundet in den Zellen, gerundet in der Spalte „gedruckt“"),
        ("Anteile", "von 0 bis 1, als Prozent formatiert"),
        ("von, bis", "95-%-Unschärfebereich; bei „mögliche Plätze“ bester und schlechtester Platz"),
        ("nicht gezeigt", "zum Schutz der Befragten zurückgehalten"),
        ("Hinweis", "Simulierte Daten – keine echten Antworten" if origin == "simulated" else ""),
    ]  # fmt: skip
    sheet = book.add_worksheet(ABOUT)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    kept = [pair for pair in pairs if pair[1]]
    for line, pair in enumerate(kept):
        for column, text in enumerate(pair):
            sheet.write_string(line, column, text)
