"""What a page needs of best–worst sets, of pairs and of shared-out points: one score per entry.

Nothing is computed here: every number is a row of the long table.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.estimates import Estimate, Results
from reports.judgements import compared, is_best_worst, is_pairwise, is_points
from reports.summaries import Places, places_of, short
from survey.codebook import Question
from survey.study import Regime


@dataclass(frozen=True, slots=True)
class Score:
    """The statistic that sums up a question, and what it is called."""

    statistic: str
    name: str


BALANCE = Score("best_worst", "Saldo")
WORTH = Score("worth", "Anteil am Gewicht")
MEAN_POINTS = Score("points", "Punkte im Mittel")


@dataclass(frozen=True, slots=True)
class Scored:
    """One entry: its score, its possible places, and how many gave it nothing."""

    label: str
    score: Estimate
    places: Places | None
    nothing: Estimate | None


@dataclass(frozen=True, slots=True)
class Scores:
    """All entries of a question in the order of the questionnaire."""

    question: Question
    score: Score
    rows: tuple[Scored, ...]
    census: bool

    @property
    def meaning(self) -> str:
        """What the values of the score mean, in a sentence."""
        if self.score is WORTH:
            return "Anteil am Gewicht: Plackett‑Luce‑Modell mit Gleichständen, Summe eins."
        if self.score is MEAN_POINTS:
            return "Null Punkte zählen mit."
        best, worst = (v.label.partition(": ")[2] for v in self.question.variables[:2])
        return (
            f"Saldo: wie oft „{best}“ weniger wie oft „{worst}“, geteilt durch wie oft gezeigt; "
            "plus eins hieße immer das eine, minus eins immer das andere."
        )

    @property
    def bounded(self) -> bool:
        """Whether any score has an interval."""
        return any(row.score.low is not None for row in self.rows)

    @property
    def placed(self) -> bool:
        """Whether every entry has possible places."""
        return all(row.places is not None for row in self.rows)


def score_of(question: Question) -> Score | None:
    """The score that sums up a question; None for one that is no comparison."""
    if is_best_worst(question):
        return BALANCE
    if is_pairwise(question):
        return WORTH
    return MEAN_POINTS if is_points(question) else None


def elements(question: Question) -> tuple[tuple[str, str], ...]:
    """Code and short label of each entry that a question compares."""
    if is_points(question):
        return tuple((v.element, short(v.label)) for v in question.variables)
    labels = {code.name: short(code.label) for v in question.variables for code in v.answers}
    return tuple((name, labels[name]) for name in compared(question).names)


def scores(results: Results, question: Question) -> Scores | None:
    """The scores of everybody; None where the question has none or one is missing."""
    score = score_of(question)
    if score is None:
        return None
    rows = []
    for name, label in elements(question):
        own = results.find(question.id, score.statistic, name)
        if own is None or own.value is None:
            return None
        places = results.find(question.id, "rank_set", name)
        nothing = results.find(question.id, "points_zero", name)
        rows.append(Scored(label, own, places_of(places), nothing))
    census = results.release.study.regime is Regime.CENSUS_ATTEMPT
    return Scores(question, score, tuple(rows), census) if rows else None
