"""The released table as a spreadsheet: a sheet per page, the long table, and where it comes from.

Every sheet is one table: a head, rows below it, a filter over it, no merged cells. Numbers
are numbers; per cent are formats, not rounded values.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
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
_WIDE = frozenset(("study", "item", "domain", "statistic", "category", "method", "printed", "note"))
_FORMATS = {
    "share": "0.0 %",
    "difference": "+0.0 %;−0.0 %;0.0 %",
    "place": "#,##0",
    "p": "0.000",
    "number": "0.00",
}
_WIDTHS = (26, 30, 16, 24, 28, 26, 9, 9, 9, 8, 10, 18, 16, 40)
_HEAD = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E6E6E6", "bottom": 1}
_WRAPPED = {"text_wrap": True, "valign": "top", "indent": 1}
_ABOUT_WIDTHS = (46, 90)
_LINE = 15
"""Points of a row with one line of text."""
_REGIMES = {
    Regime.CENSUS_ATTEMPT: "Alle wurden gefragt (versuchte Vollerhebung).",
    Regime.OPEN_PARTICIPATION: "Die Zahlen gelten für alle, die mitgemacht haben.",
    Regime.SELF_SELECTED_READING: "Selbst gewählte Texte: n zählt Rückmeldungen je Text.",
    Regime.PROBABILITY_SAMPLE: "Zufallsstichprobe.",
}
_ORIGINS = {
    "simulated": "Simulierte Daten – keine echten Antworten",
    "collected": "erhobene Antworten",
}
_RULES = {
    "min_base": "kleinste gezeigte Gruppe",
    "min_chapter": "kleinste Gruppe mit Mittelwert oder eigenem Kapitel",
    "min_texts": "kleinste Gruppe mit freien Texten",
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
        bold = book.add_format(_HEAD)
        formats = {
            kind: book.add_format({"num_format": form, "valign": "top"})
            for kind, form in _FORMATS.items()
        }
        formats["text"] = book.add_format(_WRAPPED)
        formats["head"] = book.add_format({**_HEAD, "indent": 1})
        formats["number head"] = book.add_format({**_HEAD, "align": "right"})
        used = {TABLE, ABOUT, "history"}
        for page, lines in by_page(readable(results)).items():
            sheet = book.add_worksheet(sheet_name(page, used))
            _page(sheet, lines, formats)
            print_whole(sheet, results.release.study.title)
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


def _page(sheet: Worksheet, lines: list[Line], formats: Mapping[str, Any]) -> None:
    for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
        number = TEXTS_BEFORE <= column < TEXTS_BEFORE + NUMBERS
        sheet.write_string(0, column, head, formats["number head" if number else "head"])
        sheet.set_column(column, column, width)
    for row, line in enumerate(lines, start=1):
        before, behind = _WIDTHS[:TEXTS_BEFORE], _WIDTHS[TEXTS_BEFORE + NUMBERS :]
        _height(sheet, row, (*line.texts, *line.remarks), (*before, *behind))
        for column, text in enumerate(line.texts):
            _text(sheet, row, column, text, formats["text"])
        form = formats[number_kind(line.estimate.statistic)]
        for column, value in enumerate(line.numbers, start=TEXTS_BEFORE):
            if value is not None:
                whole = column >= TEXTS_BEFORE + 3
                sheet.write_number(row, column, value, formats["place"] if whole else form)
        for column, text in enumerate(line.remarks, start=TEXTS_BEFORE + NUMBERS):
            _text(sheet, row, column, text, formats["text"])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(lines), 1), len(HEADS) - 1)


def _height(sheet: Worksheet, row: int, texts: Sequence[str], widths: Sequence[int]) -> None:
    """As many lines as the longest text needs; not every program finds that out by itself."""
    lines = max(
        sum(-(-max(len(line), 1) // (width - 2)) for line in text.split("\n"))
        for text, width in zip(texts, widths, strict=True)
    )
    if lines > 1:
        sheet.set_row(row, _LINE * min(lines, 20))


def print_whole(sheet: Worksheet, title: str) -> None:
    """Lay a table out for paper: A4 across, as wide as the page, its head and title on each."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    # A footer holds 255 characters, and & begins a command in it.
    shown = title.replace("&", "&&")[:200].rstrip("&")
    sheet.set_footer(f"&L{shown}&C&A&RSeite &P von &N")


def _text(sheet: Worksheet, row: int, column: int, text: str, form: Any = None) -> None:
    """Write a text as it is; what a cell cannot hold ends in an ellipsis."""
    if text:
        shown = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
        sheet.write_string(row, column, shown, form)


def _long_table(book: Workbook, results: Results, bold: Any) -> None:
    sheet = book.add_worksheet(TABLE)
    print_whole(sheet, results.release.study.title)
    for column, name in enumerate(COLUMNS):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, 22 if name in _WIDE else 10)
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
        ("Umfrage", study.title), ("Kennung", study.id), ("Grundlage", _REGIMES[study.regime]),
        ("Herkunft", _ORIGINS[origin]),
        ("Fingerabdruck des Datensatzes", release.fingerprint),
        ("Fassung des Fragebogens", release.codebook.version),
        ("Programm", f"Meinungsbild {__version__}"),
        ("Blätter", "je Seite des Fragebogens eines, dann „estimates“: alles in einer langen "
         "Tabelle mit englischen Namen, wie in der CSV-Datei"),
        ("Werte", "ungerundet in den Zellen, gerundet in der Spalte „gedruckt“"),
        ("Anteile", "von 0 bis 1, als Prozent formatiert"),
        ("von, bis", "95-%-Unschärfebereich; bei „mögliche Plätze“ bester und schlechtester Platz"),
        ("n, Befragte", "wie viele geantwortet haben; wie viele gefragt wurden"),
        ("nicht gezeigt", "zum Schutz der Befragten zurückgehalten"),
        *((_RULES.get(name, name), str(value)) for name, value in release.rules.items()),
        ("Rechenwege", "docs/METHODS.md"),
    ]  # fmt: skip
    sheet = book.add_worksheet(ABOUT)
    print_whole(sheet, study.title)
    for column, width in enumerate(_ABOUT_WIDTHS):
        sheet.set_column(column, column, width)
    looks = (book.add_format({"bold": True, "valign": "top"}), book.add_format(_WRAPPED))
    for line, pair in enumerate(pair for pair in pairs if pair[1]):
        _height(sheet, line, pair, _ABOUT_WIDTHS)
        for column, text in enumerate(pair):
            _text(sheet, line, column, text, looks[column])
