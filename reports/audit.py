"""Before anybody is asked: which groups can be expected to be shown, and who would be unique.

Everything follows from headcounts, planned evaluations and an assumed share of people who
answer, everybody alike and for themselves. Attributes without headcounts are taken as spread
evenly, which is stated: real ones are uneven, and then smaller cells and more uniques follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np
import scipy

from reports.rules import thresholds
from survey.codebook import Code, Codebook, Question, Role, Scale
from survey.study import Frame, Study

RECORDED = (Role.DEPARTMENT, Role.WORKPLACE, Role.DISTRICT, Role.DEMOGRAPHIC)
"""Roles of the questions by whose crossing a row can be recognised."""

MOST_UNIQUE = 0.05
"""Share of the expected answers that may be unique in all recorded attributes together."""

SILENT = 0.05
"""Share of answers in which a question about the person is left empty; that shows as well."""

LIKELY, UNLIKELY = 0.9, 0.5
"""Probabilities of reaching a threshold from which a group counts as safe, or as lost."""


@dataclass(frozen=True, slots=True)
class Group:
    """One promised group: its people, the answers expected, and the chance of being shown.

    ``people`` is a fraction where an attribute without headcounts is spread evenly;
    ``parent`` is the larger unit with which the group is reported if it stays too small.
    """

    labels: tuple[str, ...]
    people: float
    expected: float
    chance: float
    chapter: float
    parent: str = ""
    parent_chance: float = 0.0

    @property
    def is_lost(self) -> bool:
        """Whether it will rather not be shown, and its larger unit neither or there is none."""
        return self.chance < UNLIKELY and self.parent_chance < UNLIKELY


@dataclass(frozen=True)
class Split:
    """All groups of one planned evaluation; ``assumed`` names attributes spread evenly."""

    by: tuple[str, ...]
    groups: tuple[Group, ...]
    assumed: tuple[str, ...]

    @property
    def small(self) -> tuple[Group, ...]:
        """The groups that are not likely to be shown by themselves, the smallest first."""
        small = (group for group in self.groups if group.chance < LIKELY)
        return tuple(sorted(small, key=lambda group: group.expected))

    @property
    def lost(self) -> tuple[Group, ...]:
        """The groups that will rather not be shown and have no larger unit."""
        return tuple(group for group in self.small if group.is_lost)


@dataclass(frozen=True)
class Uniques:
    """How many answers are expected to be the only one with their recorded attributes.

    ``listed`` counts the people who are alone in their cell of the headcounts: whoever knows
    the staff list recognises their answer, whoever else answers.
    """

    attributes: tuple[str, ...]
    cells: int
    expected: float
    answers: float
    listed: int

    @property
    def share(self) -> float:
        """Expected share of all answers, 0 to 1."""
        return self.expected / self.answers if self.answers else 0.0


@dataclass(frozen=True)
class Audit:
    """What is to be expected of a study, and what of it speaks against asking so."""

    rate: float
    minimum: int
    chapter: int
    splits: tuple[Split, ...]
    uniques: Uniques | None
    most_unique: float
    combinations: int

    @property
    def fails(self) -> bool:
        """Whether a promised group is lost or too many answers would be unique."""
        return any(split.lost for split in self.splits) or self.too_unique

    @property
    def too_unique(self) -> bool:
        """Whether more answers than allowed are expected to be unique."""
        found = self.uniques
        return found is not None and (found.share > self.most_unique or found.listed > 0)


def audit(
    study: Study,
    codebook: Codebook,
    rate: float,
    most: float = MOST_UNIQUE,
    silent: float = SILENT,
) -> Audit:
    """The audit of a study if a share ``rate`` (0 to 1) of all people asked answers.

    ``silent`` is the share of them who leave a question about themselves empty.

    Without headcounts there are no expected cells and no uniques; the number of combinations
    of the recorded attributes is then all that can be said.
    """
    rules = thresholds(study.rules)
    recorded = tuple(question for question in codebook if question.role in RECORDED)
    frame = study.frame
    splits = tuple(_splits(study, codebook, frame, rate, rules)) if frame else ()
    return Audit(
        rate,
        rules["min_base"],
        rules["min_chapter"],
        splits,
        _uniques(recorded, frame, rate, silent) if frame and recorded else None,
        most,
        math.prod(map(_kinds, recorded)),
    )


# -- groups that evaluations promise ---------------------------------------------------------


def _splits(
    study: Study, codebook: Codebook, frame: Frame, rate: float, rules: Mapping[str, int]
) -> Iterator[Split]:
    seen: set[frozenset[str]] = set()
    planned = [plan.by for plan in study.evaluations if plan.by]
    if not study.evaluations:
        single = (Scale.NOMINAL, Scale.ORDINAL)
        recorded = [q for q in codebook if q.role in RECORDED and q.scale in single]
        planned = [(question.id,) for question in recorded]
    for by in planned:
        if frozenset(by) not in seen:
            seen.add(frozenset(by))
            questions = [codebook.question(id) for id in by]
            groups = tuple(_groups(questions, frame, rate, rules))
            assumed = tuple(id for id in by if id not in frame.variables)
            yield Split(tuple(by), groups, assumed)


def _groups(
    questions: list[Question], frame: Frame, rate: float, rules: Mapping[str, int]
) -> Iterator[Group]:
    known = [q for q in questions if q.id in frame.variables]
    heads = _heads(frame, [question.id for question in known])
    spread = math.prod(len(_codes(q)) for q in questions if q not in known)
    cells: dict[tuple[Code, ...], float] = {}
    above: dict[tuple[str, ...], float] = {}
    for codes in product(*(_codes(question) for question in questions)):
        named = zip(questions, codes, strict=True)
        people = heads.get(tuple(code.name for q, code in named if q in known), 0) / spread
        cells |= {codes: people} if people else {}
        above[_above(codes)] = above.get(_above(codes), 0) + people
    for codes, people in cells.items():
        parent = next((code.parent for code in codes if code.parent), "")
        yield Group(
            tuple(code.label for code in codes),
            people,
            people * rate,
            _reaches(people, rate, rules["min_base"]),
            _reaches(people, rate, rules["min_chapter"]),
            parent,
            _reaches(above[_above(codes)], rate, rules["min_base"]) if parent else 0.0,
        )


def _above(codes: tuple[Code, ...]) -> tuple[str, ...]:
    """The larger unit of a cell: of every unit that has one its parent."""
    return tuple(code.parent or f"={code.name}" for code in codes)


def _heads(frame: Frame, ids: list[str]) -> dict[tuple[str, ...], int]:
    """Headcounts by some of the frame's variables."""
    found: dict[tuple[str, ...], int] = {}
    for key, count in frame.counts.items():
        cell = tuple(key[frame.variables.index(id)] for id in ids)
        found[cell] = found.get(cell, 0) + count
    return found


def _reaches(people: float, rate: float, threshold: int) -> float:
    """Chance that at least ``threshold`` of ``people`` answer, each with the same rate.

    >>> round(_reaches(40, 0.25, 10), 3), round(_reaches(80, 0.25, 10), 3)
    (0.56, 0.998)
    """
    return float(scipy.stats.binom.sf(threshold - 1, int(people), rate))


def needed_rate(people: float, threshold: int, chance: float = LIKELY) -> float | None:
    """The share that has to answer for a group to reach a threshold with this chance.

    None if even everybody together is too few.

    >>> needed_rate(9, 10), needed_rate(10, 10), needed_rate(40, 10)
    (None, 0.99, 0.34)
    """
    if int(people) < threshold:
        return None
    percents = (percent / 100 for percent in range(1, 100))
    return next((p for p in percents if _reaches(people, p, threshold) >= chance), 1.0)


# -- answers that nobody shares ---------------------------------------------------------------


def _uniques(recorded: tuple[Question, ...], frame: Frame, rate: float, silent: float) -> Uniques:
    """Expected sample uniques of the crossing of all recorded attributes.

    A person of the headcount cell c is the only one of a kind k with p_c Π (1 - p_j) over all
    others j, where p is the chance to answer and to show as k: every attribute is left empty
    with the chance ``silent``, and one without headcounts has its answers equally often.
    Source: the definition of a sample unique in Skinner & Elliot (2002), A measure of
    disclosure risk for microdata, JRSS B 64, 855-867, under independent participation.
    """
    known = [question for question in recorded if question.id in frame.variables]
    heads = {cell: n for cell, n in _heads(frame, [q.id for q in known]).items() if n}
    people = np.array(list(heads.values()), dtype=np.float64)
    expected = 0.0
    for shown, chance in _shown(list(heads), silent):
        for more, kinds in _more([_kinds(q) for q in recorded if q not in known], silent):
            among = np.array([cell in shown for cell in heads])
            # Below 1, so that a cell of one certain person stays a number.
            p = np.where(among, min(rate * chance * more, 1 - 1e-12), 0.0)
            nobody = float(np.exp((people * np.log1p(-p)).sum()))
            expected += kinds * nobody * float((people * p / (1 - p)).sum())
    spread = math.prod(_kinds(q) for q in recorded if q not in known)
    return Uniques(
        tuple(question.id for question in recorded),
        len(heads) * spread,
        expected,
        float(people.sum()) * rate,
        sum(n == 1 for n in heads.values()),
    )


def _shown(
    cells: list[tuple[str, ...]], silent: float
) -> Iterator[tuple[frozenset[tuple[str, ...]], float]]:
    """Every way in which cells can show: the cells that show so, and the chance of each."""
    for mask in product((False, True), repeat=len(cells[0])):
        chance = math.prod(silent if gone else 1 - silent for gone in mask)
        alike: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
        for cell in cells:
            shown = tuple("" if gone else c for c, gone in zip(cell, mask, strict=True))
            alike.setdefault(shown, set()).add(cell)
        yield from ((frozenset(found), chance) for found in alike.values())


def _more(kinds: list[int], silent: float) -> Iterator[tuple[float, int]]:
    """The same for attributes without headcounts: the chance of one kind, and how many.

    >>> [(round(chance, 3), n) for chance, n in _more([4], 0.2)]
    [(0.2, 4), (0.2, 1)]
    """
    for mask in product((False, True), repeat=len(kinds)):
        pairs = list(zip(kinds, mask, strict=True))
        chance = math.prod(silent if gone else (1 - silent) / n for n, gone in pairs)
        yield chance, math.prod(1 if gone else n for n, gone in pairs)


def _codes(question: Question) -> tuple[Code, ...]:
    return question.variables[0].answers


def _kinds(question: Question) -> int:
    """Number of answers that a question can tell apart; a typed number or text tells none."""
    if question.scale is Scale.CHECK:
        return 1 << len(question.variables)
    return math.prod(max(len(variable.answers), 1) for variable in question.variables)
