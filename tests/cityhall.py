"""A small invented city administration whose answers a test can set cell by cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Code, Codebook, Question, Role, Scale, Variable
from survey.dataset import DataSet, write_data_set
from survey.study import Access, Frame, OpeningRule, Regime, Study

# headcount, share with a desk of their own, answers: one giant, one unit with 2 answers of 12
# and one with 36 of 88
DEPARTMENTS = (
    ("youth", 5260, 35, 905), ("social", 1540, 95, 495), ("fire", 1480, 40, 286),
    ("schools", 1430, 55, 318), ("order", 1310, 50, 266), ("buildings", 1090, 80, 320),
    ("parks", 1040, 25, 167), ("roads", 960, 55, 218), ("citizens", 900, 98, 315),
    ("stages", 790, 40, 149), ("health", 730, 92, 231), ("finance", 640, 100, 229),
    ("computing", 560, 100, 180), ("museums", 560, 55, 148), ("personnel", 530, 100, 174),
    ("housing", 500, 93, 159), ("foreigners", 470, 100, 156), ("library", 430, 90, 130),
    ("land", 390, 88, 118), ("permits", 340, 100, 110), ("planning", 330, 100, 111),
    ("environment", 320, 95, 100), ("steering", 300, 100, 107), ("audit", 88, 100, 36),
    ("equality", 12, 100, 2),
)  # fmt: skip

SCALE = tuple(Code(value, str(value), f"Stufe {value}", float(value)) for value in range(1, 6))
DONT_KNOW = Code(-2, "dont_know", "weiß nicht")


def city_frame() -> Frame:
    """Headcounts of 25 departments by workplace, 22,000 people."""
    cells: dict[tuple[str, ...], int] = {}
    for name, heads, desks, _ in DEPARTMENTS:
        desk = round(heads * desks / 100)
        cells[name, "desk"] = desk
        if desk < heads:
            cells[name, "yard"] = heads - desk
    return Frame(("department", "workplace"), cells, "2027-01-01", "Stellenplan")


def choice(id: str, codes: Sequence[Code], role: Role | None = None, title: str = "") -> Question:
    """A question with one variable of its own name."""
    variable = Variable(id, title or id, Scale.NOMINAL, tuple(codes))
    return Question(id, f"Frage {id}?", Scale.NOMINAL, role, (variable,), title)


def names(codes: Sequence[str], parents: Mapping[str, str] | None = None) -> tuple[Code, ...]:
    """A code list 1, 2, 3 … of these names."""
    above = parents or {}
    return tuple(
        Code(place, name, name.capitalize(), parent=above.get(name, ""))
        for place, name in enumerate(codes, start=1)
    )


def ranking(elements: Sequence[str], depth: int) -> Question:
    """A question "rank your top k"."""
    variables = tuple(
        Variable(f"r_{name}", name.capitalize(), Scale.RANK, element=name) for name in elements
    )
    return Question("r", "Was zuerst?", Scale.RANK, Role.RANKING, variables, "Rang", depth)


def city_codebook(extra: Sequence[Question] = ()) -> Codebook:
    """Department, workplace, leadership, two rated items and a ranking of four."""
    questions = (
        choice("department", names([d[0] for d in DEPARTMENTS]), Role.DEPARTMENT, "Dienststelle"),
        choice("workplace", names(["desk", "yard"]), Role.WORKPLACE, "Arbeitsplatz"),
        choice("leader", names(["yes", "no"]), Role.DEMOGRAPHIC, "Leitung"),
        choice("q1", (*SCALE, DONT_KNOW), Role.ASSESSMENT, "Erste Frage"),
        choice("q2", (*SCALE, DONT_KNOW), Role.ASSESSMENT, "Zweite Frage"),
        ranking(["a", "b", "c", "d"], 2),
        *extra,
    )
    return Codebook("city", "0" * 64, "1", "de", questions)


def study(frame: Frame | None, rules: Mapping[str, int] | None = None) -> Study:
    """An attempted census if there is a frame, else an open participation."""
    return Study(
        id="city", title="Stadt", population="Beschäftigte", opens=None, closes=None, frame=frame,
        regime=Regime.CENSUS_ATTEMPT if frame else Regime.OPEN_PARTICIPATION,
        access=Access.CODES if frame else Access.OPEN,
        opening=OpeningRule.ALL, rules=rules or {},
    )  # fmt: skip


def city_columns(seed: int = 1) -> dict[str, NDArray[np.int64]]:
    """Answers of the realistic frame with a few per cent missing everywhere."""
    rng = np.random.default_rng(seed)
    department, workplace = [], []
    for place, (_, _, desks, answers) in enumerate(DEPARTMENTS, start=1):
        department += [place] * answers
        workplace += list(np.where(rng.random(answers) * 100 < desks, 1, 2))
    n = len(department)
    columns = {
        "department": np.array(department), "workplace": np.array(workplace),
        "leader": rng.integers(1, 3, n), "q1": rng.integers(1, 6, n), "q2": rng.integers(1, 6, n),
    }  # fmt: skip
    for name, share in (("department", 0.02), ("workplace", 0.03), ("q1", 0.05), ("q2", 0.1)):
        columns[name] = np.where(rng.random(n) < share, -1, columns[name])
    columns["q2"] = np.where(rng.random(n) < 0.05, -2, columns["q2"])
    places = rng.permuted(np.tile([1, 2, 0, 0], (n, 1)), axis=1)
    places[rng.random(n) < 0.04] = -1
    return columns | {f"r_{name}": places[:, i] for i, name in enumerate("abcd")}


def store(
    path: Path, study: Study, codebook: Codebook, columns: Mapping[str, NDArray[np.int64]]
) -> DataSet:
    """A real data set file with these answers."""
    rows = {name: column.tolist() for name, column in columns.items()}
    return write_data_set(
        path, study=study, codebook=codebook, columns=rows, texts={}, orders={}, protocol={}
    )
