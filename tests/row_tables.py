"""Rows for the tests of formats: random ones with hostile texts, and those of a study."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from reports.row_formats import RowTable
from survey.codebook import Code, Codebook, Missing, Question, Role, Scale, Variable
from survey.study import Access, OpeningRule, Regime, Study

NASTY = (
    '=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "%0A", "'; DROP",
    'said "so", and; so', "zwei\nZeilen", "Bürger*innen", "ÄÖÜäöüß€", "שלום עולם", "مرحبا",
    "👩‍🚒 Feuer", "0", "NA", "null", "", "C:\\new\\table", "</labl>&amp;",
    "a\u202eb", "e\u0301", " rand ",
)  # fmt: skip
"""Texts that a format may take for something else."""

TEXTS = st.sampled_from(NASTY) | st.text(
    st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60
)
LABELS = TEXTS.map(lambda text: text.strip() or "x")


def study(title: str = "Wie arbeiten wir morgen?") -> Study:
    """A study of open participation."""
    return Study(
        "sample", title, Regime.OPEN_PARTICIPATION, Access.OPEN, OpeningRule.ANY, "alle", None,
        None, contact="Amt für Bürger*innen", purpose="Wir fragen.", commissioner="Stadt",
    )  # fmt: skip


@st.composite
def row_tables(draw: st.DrawFn) -> RowTable:
    """Rows of up to six questions of every scale with every reason."""
    rows = draw(st.integers(1, 30))
    questions, columns = [], {}
    for number in range(draw(st.integers(1, 6))):
        question = draw(_questions(f"q{number}"))
        questions.append(question)
        for variable in question.variables:
            columns[variable.name] = draw(_values(variable, question, rows))
    book = Codebook("sample", "hash", "1", draw(st.sampled_from(["de", "en"])), tuple(questions))
    return RowTable(book, columns, study(draw(LABELS)), "f" * 64)


@st.composite
def _questions(draw: st.DrawFn, id: str) -> Question:
    scale = draw(st.sampled_from([s for s in Scale if s is not Scale.TEXT]))
    text, title = draw(LABELS), draw(LABELS)
    reasons = draw(st.sets(st.sampled_from([Missing.DONT_KNOW, Missing.REFUSED])))
    gone = tuple(Code(int(r), f"r{-r}", draw(LABELS)) for r in sorted(reasons))
    variables: tuple[Variable, ...]
    if scale is Scale.NUMBER:
        kind = draw(st.sampled_from(["number", "cold", "day"]))
        origin = {"number": "0", "cold": "-50", "day": "1900-01-01"}[kind]
        digits = 0 if kind == "day" else draw(st.integers(0, 3))
        variables = (Variable(id, text, scale, gone, decimals=digits, origin=origin, unit="m"),)
    elif scale in (Scale.CHECK, Scale.RANK):
        count = draw(st.integers(2, 4))
        parts = range(count)
        variables = tuple(
            Variable(f"{id}_{part}", draw(LABELS), scale, gone, element=str(part)) for part in parts
        )
    else:
        steps = tuple(Code(value, f"c{value}", draw(LABELS)) for value in draw(_STEPS))
        variables = (Variable(id, text, scale, (*steps, *gone)),)
    role = draw(st.sampled_from([None, *Role]))
    return Question(id, text, scale, role, variables, title=title, depth=2)


_STEPS = st.lists(st.integers(0, 32_000), min_size=2, max_size=5, unique=True)


def _values(variable: Variable, question: Question, rows: int) -> st.SearchStrategy[Any]:
    answers = {
        Scale.NUMBER: st.integers(0, 80_000),
        Scale.CHECK: st.integers(0, 1),
        Scale.RANK: st.integers(0, question.depth),
    }.get(variable.scale, st.sampled_from([code.value for code in variable.answers] or [0]))
    cells = answers | st.integers(-4, -1)
    return st.lists(cells, min_size=rows, max_size=rows).map(lambda v: np.array(v, dtype=np.int32))


def schema_folder(root: Path, folder: Path) -> Path:
    """The unpacked schema of DDI-Codebook 2.5."""
    import zipfile

    with zipfile.ZipFile(root / "tests" / "ddi" / "ddi-codebook-2.5.zip") as archive:
        archive.extractall(folder)
    return folder / "schemas" / "codebook.xsd"
