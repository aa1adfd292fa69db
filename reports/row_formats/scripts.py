"""Small programs beside the rows: an R script and a pandas snippet that read and label them."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Mapping

from reports.row_formats.as_sav import SECONDS_TO_1970
from reports.row_formats.columns import Column
from reports.row_formats.table import RowTable

_R_READS = {
    "csv": "rows <- read.csv({file}, check.names = FALSE, fileEncoding = 'UTF-8')",
    "csv-de": "rows <- read.csv2({file}, check.names = FALSE, fileEncoding = 'UTF-8-BOM')",
    "sav": "rows <- haven::zap_labels(haven::read_sav({file}, user_na = TRUE))",
    "zsav": "rows <- haven::zap_labels(haven::read_sav({file}, user_na = TRUE))",
    "dta": "rows <- haven::zap_labels(haven::read_dta({file}))",
}
_PYTHON_READS_SAV = (
    "rows, _ = pyreadstat.read_sav(\n"
    "    folder / {file}, user_missing=True, disable_datetime_conversion=True\n"
    ")"
)
_PYTHON_READS = {
    "csv": "rows = pd.read_csv(folder / {file})",
    "csv-de": 'rows = pd.read_csv(folder / {file}, sep=";", decimal=",", encoding="utf-8-sig")',
    "sav": _PYTHON_READS_SAV,
    "zsav": _PYTHON_READS_SAV,
    "dta": "rows = pd.read_stata(folder / {file}, convert_categoricals=False)",
    "xlsx": "rows = pd.read_excel(folder / {file}, sheet_name=0)",
}


_R_SECONDS = (
    "# haven reads the day of a labelled date as a number, and so the codes of its reasons, too.",
    "for (name in days) {",
    "  cells <- as.numeric(rows[[name]])",
    f"  seconds <- round((cells + {SECONDS_TO_1970 // 86_400}) * 86400)",
    "  rows[[name]] <- ifelse(seconds < 0, seconds, cells)",
    "}",
)


def scripts(
    table: RowTable, form: str, file_name: str, names: Mapping[str, str]
) -> dict[str, bytes]:
    """The programs for one file by the ending of their names; none for a format without one.

    ``names`` gives the names of columns in the file.
    """
    found = {}
    if form in _R_READS:
        found[".R"] = _r(table, form, file_name, names)
    if form in _PYTHON_READS:
        found[".py"] = _python(table, form, file_name, names)
    return {ending: text.encode() for ending, text in found.items()}


def _coded(table: RowTable) -> list[Column]:
    return [column for column in table.written if column.kind == "code" and column.labels]


def _days(table: RowTable) -> list[Column]:
    return [column for column in table.written if column.kind == "day"]


def _text(value: str) -> str:
    """A text as R and Python read it between quotation marks; invisible signs are written out.

    >>> _text('said "so"'), _text("a\\u202eb")
    ('"said \\\\"so\\\\""', '"a\\\\u202eb"')
    """
    return "".join(
        sign
        if unicodedata.category(sign)[0] != "C" and sign not in "\u2028\u2029"
        else _escape(sign)
        for sign in json.dumps(value, ensure_ascii=False)
    )


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _r(table: RowTable, form: str, file_name: str, names: Mapping[str, str]) -> str:
    def pairs(values: Mapping[int, str]) -> str:
        return ", ".join(f"{_text(label)} = {value}" for value, label in values.items())

    lines = [
        f"# Reads {_text(file_name)} in this folder: `rows` as they are, `answers` with labels",
        "# and NA for every reason for a missing answer.",
        _R_READS[form].format(file=_text(file_name)),
        f"days <- c({', '.join(_text(names[c.name]) for c in _days(table))})",
        *(_R_SECONDS if form in ("sav", "zsav") and _days(table) else []),
        "labels <- list()",
        *_each(_coded(table), names, lambda c: pairs(c.labels), "labels"),
        "reasons <- list()",
        *_each(table.written, names, lambda c: pairs(c.reasons), "reasons"),
        "answers <- as.data.frame(rows)",
        "for (name in names(reasons)) {",
        "  gone <- is.na(answers[[name]]) | answers[[name]] %in% reasons[[name]]",
        "  answers[[name]][gone] <- NA",
        "}",
        "for (name in days) {",
        '  answers[[name]] <- as.Date(answers[[name]], origin = "1970-01-01")',
        "}",
        "for (name in names(labels)) {",
        "  known <- labels[[name]]",
        "  if (all(answers[[name]] %in% c(known, NA))) {",
        "    answers[[name]] <- factor(answers[[name]], levels = known, labels = names(known))",
        "  }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _each(
    columns: list[Column] | tuple[Column, ...],
    names: Mapping[str, str],
    content: Callable[[Column], str],
    list_name: str,
) -> list[str]:
    return [
        f"{list_name}[[{_text(names[column.name])}]] <- c({content(column)})" for column in columns
    ]


def _python(table: RowTable, form: str, file_name: str, names: Mapping[str, str]) -> str:
    labels = {names[c.name]: dict(c.labels) for c in _coded(table)}
    reasons = {names[c.name]: dict(c.reasons) for c in table.written}
    lines = [
        f'"""Reads {json.dumps(file_name)} in this folder: ``rows`` as they are, ``answers`` with',
        'labels and a missing value for every reason for a missing answer."""',
        "",
        "from pathlib import Path",
        "",
        "import pandas as pd",
        *(["import pyreadstat"] if form in ("sav", "zsav") else []),
        "",
        "folder = Path(__file__).parent",
        _PYTHON_READS[form].format(file=_text(file_name)),
        *([f"SECONDS_TO_1970 = {SECONDS_TO_1970}"] if form in ("sav", "zsav") else []),
        f"days = {[names[column.name] for column in _days(table)]!r}",
        "labels = {",
        *(f"    {name!r}: {found!r}," for name, found in labels.items()),
        "}",
        "reasons = {",
        *(f"    {name!r}: {found!r}," for name, found in reasons.items()),
        "}",
        "answers = rows.copy()",
        "for name, found in reasons.items():",
        "    given = rows[name].isin([*found, *map(str, found)])",
        "    answers[name] = rows[name].mask(given)",
        "for name in days:",
        *(
            ['    answers[name] = pd.to_datetime(answers[name] - SECONDS_TO_1970, unit="s")']
            if form in ("sav", "zsav")
            else ["    answers[name] = pd.to_datetime(answers[name])"]
        ),
        "for name, found in labels.items():",
        "    if set(answers[name].dropna()) <= set(found):",
        "        answers[name] = answers[name].map(found)",
    ]
    return "\n".join(lines) + "\n"
