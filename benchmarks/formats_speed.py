"""Rows in and out: 22,000 people by 80 variables as every format, a million by 60 from CSV.

    python benchmarks/formats_speed.py [ROWS_OUT] [ROWS_IN]

Prints the seconds of one run and the peak of memory; ROWS_IN 0 leaves the import out. Goals:
.sav under 2 s, .xlsx under 30 s, CSV under 2 s; the import under 60 s and 1 GB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from reports.row_formats import FORMATS, RowTable
from survey.codebook import Code, Codebook, Question, Scale, Variable
from survey.home import Home
from survey.importing import import_answers
from survey.instrument import Instrument, Page, Questionnaire
from survey.items.base import Option
from survey.items.single import Single
from survey.study import Access, OpeningRule, Regime, Study

GOALS = {"csv": 2, "csv-de": 2, "sav": 2, "xlsx": 30}
STUDY = Study(
    "big", "Groß", Regime.OPEN_PARTICIPATION, Access.OPEN, OpeningRule.ANY, "alle", None,
    datetime(2027, 5, 21, tzinfo=UTC),
)  # fmt: skip


def table(rows: int, width: int = 80) -> RowTable:
    """Five-point answers with reasons for missing ones."""
    rng = np.random.default_rng(1)
    codes = tuple(Code(v, str(v), f"Antwort Nummer {v}") for v in range(1, 6))
    questions = tuple(
        Question(f"q{i}", f"Wie gut gelingt das, Frage {i}?", Scale.ORDINAL, None,
                 (Variable(f"q{i}", f"Frage {i}", Scale.ORDINAL, codes),))
        for i in range(width)
    )  # fmt: skip
    values = rng.integers(-1, 6, (width, rows)).astype(np.int8)
    columns = {f"q{i}": np.where(v == 0, -4, v).astype(np.int8) for i, v in enumerate(values)}
    return RowTable(Codebook("big", "hash", "1", "de", questions), columns, STUDY)


def questionnaire(width: int = 60) -> Questionnaire:
    """Single choices with five codes each."""
    options = tuple(Option(code=str(v), label=f"Antwort {v}") for v in range(1, 6))
    items = tuple(
        Single(id=f"q{i}", type="single", text=f"Frage {i}?", options=options) for i in range(width)
    )
    return Questionnaire(STUDY, Instrument("1", "de", (Page("p", "Seite", items),)))


def write_csv(path: Path, rows: int, width: int = 60) -> None:
    """Random answers, a fifth of them empty."""
    rng = np.random.default_rng(2)
    names = np.array(["", "1", "2", "3", "4", "5"])
    with path.open("w", encoding="utf-8") as file:
        file.write(",".join(f"q{i}" for i in range(width)) + "\n")
        for start in range(0, rows, 50_000):
            block = names[rng.integers(0, 6, (min(50_000, rows - start), width))]
            file.write("\n".join(map(",".join, block.tolist())) + "\n")


def peak() -> float:
    """Peak memory of this process so far in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(rows_out: int = 22_000, rows_in: int = 1_000_000) -> None:
    """Print seconds, goals and the peak of memory."""
    made = table(rows_out)
    for name, form in FORMATS.items():
        start, used = time.perf_counter(), time.process_time()
        size = len(form.write(made))
        taken, used = time.perf_counter() - start, time.process_time() - used
        goal = f" (goal: under {GOALS[name]} s)" if name in GOALS else ""
        print(f"{rows_out:,} x 80 as {name}: {taken:.2f} s, processor {used:.2f} s, "
              f"{size / 1e6:.1f} MB{goal}", flush=True)  # fmt: skip
    if not rows_in:
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.csv"
        write_csv(path, rows_in)
        start, used = time.perf_counter(), time.process_time()
        import_answers(Home(Path(folder) / "home"), questionnaire(), path)
        taken, used = time.perf_counter() - start, time.process_time() - used
    print(f"{rows_in:,} x 60 from CSV: {taken:.1f} s, processor {used:.1f} s (goal: under 60 s)")
    print(f"peak memory {peak():.0f} MB (goal: under 1,000)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
