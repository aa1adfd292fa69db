"""Known headcounts from a comma-separated file beside the questionnaire."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from survey.findings import Finding, named, nearest
from survey.items.base import Option
from survey.study import Frame

COUNT = "headcount"
"""Name of the last column."""


@dataclass(frozen=True, slots=True)
class Headcounts:
    """The frame, or None and what stands in its way."""

    frame: Frame | None
    findings: tuple[Finding, ...]


def read_headcounts(
    text: str, questions: Mapping[str, Sequence[Option]], *, date: str = "", source: str = ""
) -> Headcounts:
    """The headcounts in a text; ``questions`` holds the options of every single choice by id.

    The first line names one or two questions and ``headcount``. Every combination of answers
    needs exactly one line; 0 is a headcount.
    """
    reader = _Reader(dict(questions))
    rows: list[tuple[int, list[Cell]]] = []
    try:
        rows.extend(_rows(text))
    except csv.Error:
        # An open quotation mark swallows the rest of the file, up to the longest cell there is.
        line = rows[-1][0] + 1 if rows else 1
        return Headcounts(None, (Finding("heads_quote", line, 1),))
    if not rows:
        return Headcounts(None, (Finding("heads_empty"),))
    if not reader.header(*rows[0]):
        return Headcounts(None, tuple(reader.findings))
    for line, cells in rows[1:]:
        reader.row(line, cells)
    if not rows[1:]:
        reader.findings.append(Finding("heads_empty"))
    elif not reader.findings:
        reader.complete(rows[-1][0])
    if reader.findings:
        return Headcounts(None, tuple(reader.findings))
    return Headcounts(Frame(reader.variables, reader.counts, date, source), ())


Cell = tuple[str, int]
"""A value without outer blanks, and its column."""


def _rows(text: str) -> Iterator[tuple[int, list[Cell]]]:
    """Line number and cells of every line that is not blank.

    Raises ``csv.Error`` where a cell goes on over a line's end or is longer than any may be: how
    long that is can be changed by whatever else runs in the process.
    """
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    delimiter = ";" if ";" in text.split("\n", 1)[0] else ","
    reader = csv.reader(lines, delimiter=delimiter)
    before = 0
    for values in reader:
        if reader.line_num > before + 1:
            raise csv.Error("a quotation mark is open")
        before = reader.line_num
        cells, column = [], 1
        for value in values:
            cells.append((value.strip(), column + len(value) - len(value.lstrip())))
            column += len(value) + 1
        if any(value for value, _ in cells):
            yield reader.line_num, cells


@dataclass
class _Reader:
    questions: Mapping[str, Sequence[Option]]
    variables: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = field(default_factory=dict)
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    def _report(self, code: str, line: int, column: int, values: Mapping[str, str]) -> None:
        self.findings.append(Finding(code, line, column, values))

    def header(self, line: int, cells: Sequence[Cell]) -> bool:
        """Whether the first line names questions of the questionnaire."""
        if len(cells) not in (2, 3) or cells[-1][0] != COUNT:
            self._report("heads_columns", line, 1, {})
            return False
        for name, column in cells[:-1]:
            if name not in self.questions:
                guess = nearest(name, self.questions)
                self._report("heads_question", line, column, {"found": name, "guess": guess})
        self.variables = tuple(name for name, _ in cells[:-1])
        return not self.findings

    def row(self, line: int, cells: Sequence[Cell]) -> None:
        """Take one line, or say what is wrong with it."""
        if len(cells) != len(self.variables) + 1:
            numbers = {"found": str(len(cells)), "limit": str(len(self.variables) + 1)}
            self._report("heads_cells", line, 1, numbers)
            return
        known = [self._code(line, *pair) for pair in zip(self.variables, cells, strict=False)]
        number, column = cells[-1]
        if not (number.isascii() and number.isdecimal()) or len(number) > 9:
            self._report("heads_number", line, column, {"found": number})
            return
        key = tuple(code for code, _ in cells[:-1])
        if not all(known):
            return
        if key in self.counts:
            self._report("heads_twice", line, 1, {"first": str(self.lines[key])})
            return
        self.counts[key], self.lines[key] = int(number), line

    def _code(self, line: int, variable: str, cell: Cell) -> bool:
        code, column = cell
        options = {option.code: option for option in self.questions[variable]}
        if code not in options:
            values = {"found": code, "name": variable, "guess": nearest(code, options)}
            self._report("heads_code", line, column, values)
        elif options[code].missing:
            self._report("heads_reason", line, column, {"found": code})
        return code in options and not options[code].missing

    def complete(self, line: int) -> None:
        """Report every combination of answers that has no line."""
        codes = [[o.code for o in self.questions[v] if not o.missing] for v in self.variables]
        for key in product(*codes):
            if key not in self.counts:
                values = {"found": named(key), "name": named(self.variables)}
                self._report("heads_absent", line, 1, values)
