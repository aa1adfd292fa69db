"""The truth of a simulated population, in the names of the long table of estimates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from survey.codebook import Question, Scale, Variable
from survey.population import Floats, Integers, Population, lookup
from survey.routed import hidden_items


@dataclass(frozen=True, slots=True)
class TrueValue:
    """One number of the population, named like a row of the long table of estimates.

    For ``rank_set`` ``low`` and ``high`` are the element's true places by share in top k:
    different only for tied elements.
    """

    item: str
    statistic: str
    category: str
    value: float
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Truth:
    """What is true in the population, whoever answers."""

    study: str
    seed: int
    size: int
    ties: Mapping[str, tuple[str, str]]
    rows: tuple[TrueValue, ...]

    def get(self, item: str, statistic: str, category: str = "") -> TrueValue:
        """The one row with this key; raises ``KeyError``."""
        for row in self.rows:
            if (row.item, row.statistic, row.category) == (item, statistic, category):
                return row
        raise KeyError((item, statistic, category))

    def to_json(self) -> str:
        """A stable text with one object per number."""
        ties = {question: list(tied) for question, tied in self.ties.items()}
        raw = {"study": self.study, "seed": self.seed, "size": self.size, "ties": ties}
        rows = [asdict(row) for row in self.rows]
        return json.dumps({**raw, "rows": rows}, ensure_ascii=False, indent=1) + "\n"


def truth(population: Population) -> Truth:
    """Shares, top-2 shares, means, top-k shares, first choices, mean and true places.

    Shares are of all people who see the item. Elements that a person has not placed count in
    ``mean_rank`` with the mean of the places that are left.
    """
    rows: list[TrueValue] = []
    values = _seen(population)
    for question in population.questionnaire.codebook:
        if question.scale is Scale.RANK and len(values[question.variables[0].name]):
            rows += _ranking_truth(question, values)
        elif question.scale is not Scale.RANK:
            for variable in question.variables:
                if variable.scale is not Scale.TEXT and len(values[variable.name]):
                    rows += _variable_truth(variable, values[variable.name])
    study = population.questionnaire.study.id
    return Truth(study, population.seed, population.size, population.ties, tuple(rows))


def _seen(population: Population) -> dict[str, Integers]:
    """The values of those who see an item if everybody answers, and reads every text."""
    instrument = population.questionnaire.instrument
    values = dict(population.values)
    for id, hidden in hidden_items(instrument, values, {}, population.size).items():
        for name in instrument.item(id).encode(None):
            values[name] = population.values[name][~hidden]
    return values


def _variable_truth(variable: Variable, values: Integers) -> list[TrueValue]:
    if variable.scale is Scale.NUMBER:
        return _number_truth(variable, values)
    share = {code.name: float(np.mean(values == code.value)) for code in variable.answers}
    rows = [TrueValue(variable.name, "share", name, value) for name, value in share.items()]
    if variable.scale is Scale.ORDINAL:
        steps = list(share.values())
        top, bottom = sum(steps[-2:]), sum(steps[:2])
        named = {"top2": top, "bottom2": bottom, "net": top - bottom}
        rows += [TrueValue(variable.name, name, "", value) for name, value in named.items()]
    scores = {code.value: code.score for code in variable.answers if code.score is not None}
    if scores and len(scores) == len(variable.answers):
        mean = float(np.mean(lookup(values, scores, np.nan)))
        rows.append(TrueValue(variable.name, "mean", "", mean))
    return rows


def _number_truth(variable: Variable, values: Integers) -> list[TrueValue]:
    try:
        origin = float(variable.origin or 0)
    except ValueError:  # a date has no mean
        return []
    mean = origin + float(np.mean(values)) / 10**variable.decimals
    return [TrueValue(variable.name, "mean", "", mean)]


def _ranking_truth(question: Question, values: Mapping[str, Integers]) -> list[TrueValue]:
    places = np.column_stack([values[v.name] for v in question.variables])
    placed = places > 0
    top = placed.mean(axis=0)
    left = (placed.sum(axis=1, keepdims=True) + 1 + places.shape[1]) / 2
    mean = np.where(placed, places, left).mean(axis=0)
    first = (places == 1).mean(axis=0)
    rows = []
    for i, element in enumerate(question.elements):
        low, high = true_places(top, i)
        rows += [
            TrueValue(question.id, "top_k", element, float(top[i])),
            TrueValue(question.id, "first", element, float(first[i])),
            TrueValue(question.id, "mean_rank", element, float(mean[i])),
            TrueValue(question.id, "rank_set", element, low, low, high),
        ]
    return rows


def true_places(shares: Floats | Sequence[float], element: int) -> tuple[int, int]:
    """Best and worst place of an element, 1 = largest share; equal shares share their places.

    >>> [true_places([0.5, 0.2, 0.5, 0.1], i) for i in range(4)]
    [(1, 2), (3, 3), (1, 2), (4, 4)]
    """
    values = np.asarray(shares)
    low = int(np.sum(values > values[element])) + 1
    return low, int(np.sum(values >= values[element]))
