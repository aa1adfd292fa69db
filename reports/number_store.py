"""Where the numbers of the long table stand: read again while the rows are the same.

Every number of a dossier is looked up in the rows each time; only the list of where to look is
kept. It holds nothing that the rows do not hold, and is found by a digest of the rows themselves
and of the program.
"""

from __future__ import annotations

import json
import marshal
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from reports.estimates import COLUMNS, Estimate
from reports.kept_file import KeptFile
from reports.program import digest, program
from reports.row_numbers import RowNumbers, row_numbers
from survey.home import Home

NAME = "numbers"
_read = attrgetter(*(column for column in COLUMNS if column != "status"))
"""Everything of a row that a number or its address may be read from."""


@dataclass(frozen=True, slots=True)
class NumberStore:
    """Says where the numbers of the rows of a study stand, each time of the same rows at once."""

    home: Home
    study: str

    def __call__(self, rows: Sequence[Estimate]) -> RowNumbers:
        """As :func:`reports.row_numbers.row_numbers`; kept in a home with secrets."""
        file = KeptFile(self.home, self.study, NAME, key_of(rows))
        if (kept := file.find()) is not None:
            found = json.loads(kept)
            return RowNumbers(found["places"], found["ends"])
        numbers = row_numbers(rows)
        content = {"places": numbers.places, "ends": numbers.ends}
        file.keep(json.dumps(content, ensure_ascii=False).encode())
        return numbers


def key_of(rows: Sequence[Estimate]) -> str:
    """A digest of the program and of all that is read of the rows, in their order."""
    return digest([program(), marshal.dumps(list(map(_read, rows)), 2)])
