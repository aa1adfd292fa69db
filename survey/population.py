"""A population with a known truth: what every person would answer if everybody answered.

One person per headcount of the study's frame, in the frame's order; studies without a frame
get people who belong to no stratum. Everything follows from the seed. Workplace groups (the
codes of the question with the role ``workplace``) differ strongly in their preferences and
take part at different rates, so that an unweighted result is wrong in a known way.

Two elements of every ranking are tied exactly: people come in twins of one stratum whose
rankings are equal except that the two elements have changed places.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.comparison_draws import compared
from survey.instrument import Questionnaire
from survey.items.base import Item
from survey.items.compared import Compared
from survey.items.date import Date
from survey.items.measured import Measured
from survey.items.multiple import Multiple
from survey.study import Frame

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]

Shares = Mapping[str, Mapping[str, float]]

NO_SHARES: Shares = MappingProxyType({})

WITHOUT_FRAME = 40_000
"""People in the population of a study that has no headcounts."""

STRAIGHTLINERS = 0.03
"""Share of people who give one and the same step to every row of a rating list."""

SHORT_RANKINGS = 0.03
"""Share of people who fill all places of a ranking but the last."""

PLAUSIBLE_SPAN = 1000
"""Invented numbers lie at most so far above the smallest one."""

PLAUSIBLE_DAYS = ("2000-01-01", "2027-12-31")
"""Invented dates lie between these, as far as the item allows."""

EXCLUSIVE = 0.04
"""Share of people for whom only the option that excludes all others is true."""


@dataclass(frozen=True)
class Population:
    """Every person's true answers as columns of equal length.

    ``values`` is keyed by variable name (places for rankings); ``stratum`` is each person's
    place in ``strata``, the frame's keys; ``lean`` runs from 0 (first workplace group) to 1
    (second) and says how far a person's preferences are those of the second group; ``ties``
    names the two tied elements by ranking.
    """

    questionnaire: Questionnaire
    seed: int
    strata: tuple[tuple[str, ...], ...]
    stratum: Integers
    lean: Floats
    values: Mapping[str, Integers]
    ties: Mapping[str, tuple[str, str]]

    def __post_init__(self) -> None:
        for name in ("values", "ties"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def size(self) -> int:
        """Number of people."""
        return len(self.stratum)


def stream(seed: int, *labels: str) -> np.random.Generator:
    """The random generator of one purpose, so that one question never shifts another."""
    return np.random.default_rng([seed, zlib.crc32("/".join(labels).encode())])


def draw_population(
    questionnaire: Questionnaire,
    seed: int,
    size: int = WITHOUT_FRAME,
    shares: Shares = NO_SHARES,
) -> Population:
    """The population of a study; ``size`` counts only where there are no headcounts.

    ``shares`` gives the weight of every code, by id, of single choices that should not be left
    to chance; known population numbers of a study without headcounts do the same.
    """
    frame, codebook = questionnaire.study.frame, questionnaire.codebook
    strata = tuple(frame.counts) if frame else ((),)
    heads = list(frame.counts.values()) if frame else [size]
    stratum = np.repeat(np.arange(len(strata)), heads)
    values = _frame_values(frame, codebook, stratum)
    values |= _shared_values(questionnaire, shares, len(stratum), seed)
    workplace = next(iter(codebook.with_role(Role.WORKPLACE)), None)
    if workplace and workplace.variables[0].name not in values:
        values[workplace.variables[0].name] = _nominal(
            workplace.variables[0], np.zeros(len(stratum)), stream(seed, workplace.id)
        )
    lean = _lean(workplace, values, len(stratum))
    people = _People(stratum, lean, stream(seed, "mood").normal(size=len(stratum)), seed)
    ties: dict[str, tuple[str, str]] = {}
    comparisons = {i.id: i for i in questionnaire.instrument.items if isinstance(i, Compared)}
    for question in codebook:
        if question.id in comparisons:
            rng = stream(seed, question.id)
            values |= compared(comparisons[question.id], people.lean, rng)
        elif question.scale is Scale.RANK:
            drawn, ties[question.id] = _ranking(question, people)
            values |= drawn
        elif question.scale is Scale.CHECK:
            values |= _checks(question, people, questionnaire.instrument.item(question.id))
        elif question.scale is Scale.NUMBER:
            values |= _numbers(question, people, questionnaire.instrument.item(question.id))
        else:
            values |= _choices(question, people, known=values)
    ordered = {v.name: values[v.name] for v in codebook.variables}
    return Population(questionnaire, seed, strata, stratum, lean, ordered, ties)


@dataclass(frozen=True, slots=True)
class _People:
    stratum: Integers
    lean: Floats
    mood: Floats
    seed: int

    def __len__(self) -> int:
        return len(self.stratum)


def leans(groups: int) -> list[float]:
    """How far each workplace group leans to the second; further groups stand between.

    >>> leans(1), leans(3)
    ([0.0], [0.0, 1.0, 0.5])
    """
    return [0.0, 1.0, *([0.5] * groups)][:groups]


def _lean(workplace: Question | None, values: Mapping[str, Integers], n: int) -> Floats:
    if workplace is None:
        return np.zeros(n)
    variable = workplace.variables[0]
    by_value = {
        code.value: lean
        for code, lean in zip(variable.answers, leans(len(variable.answers)), strict=True)
    }
    return lookup(values[variable.name], by_value, 0.0)


def lookup(values: Integers, table: Mapping[int, float], default: float) -> Floats:
    """The table's number for every value."""
    result = np.full(len(values), default)
    for value, number in table.items():
        result[values == value] = number
    return result


def _frame_values(
    frame: Frame | None, codebook: Codebook, stratum: Integers
) -> dict[str, Integers]:
    """Columns of the frame's variables: known for everybody."""
    values: dict[str, Integers] = {}
    for place, id in enumerate(frame.variables if frame else ()):
        variable = codebook.question(id).variables[0]
        by_name = {code.name: code.value for code in variable.answers}
        assert frame is not None
        codes = np.array([by_name[key[place]] for key in frame.counts], dtype=np.int64)
        values[variable.name] = codes[stratum]
    return values


def _shared_values(
    questionnaire: Questionnaire, shares: Shares, n: int, seed: int
) -> dict[str, Integers]:
    """Columns of the variables whose shares are known: everybody's value is drawn by them."""
    known: dict[str, Mapping[str, float]] = dict(shares)
    composition = questionnaire.study.composition
    for id in composition.variables if composition else ():
        assert composition is not None
        known[id] = composition.margin(id)
    values: dict[str, Integers] = {}
    for id, weights in known.items():
        variable = questionnaire.codebook.question(id).variables[0]
        weight = np.array([weights.get(code.name, 0) for code in variable.answers], dtype=float)
        codes = np.array([code.value for code in variable.answers], dtype=np.int64)
        drawn = stream(seed, "shares", id).choice(codes, size=n, p=weight / weight.sum())
        values[variable.name] = drawn
    return values


# -- choices and ratings ------------------------------------------------------------------


def _choices(
    question: Question, people: _People, known: Mapping[str, Integers]
) -> dict[str, Integers]:
    drawn: dict[str, Integers] = {}
    for variable in question.variables:
        if variable.scale is Scale.TEXT or variable.name in known:
            continue
        rng = stream(people.seed, variable.name)
        if variable.scale is Scale.ORDINAL:
            drawn[variable.name] = _ordinal(variable, people, rng)
        else:
            drawn[variable.name] = _nominal(variable, people.lean, rng)
    if len(drawn) > 2 and question.scale is Scale.ORDINAL:
        _straighten(question, drawn, people)
    return drawn


def _nominal(variable: Variable, lean: Floats, rng: np.random.Generator) -> Integers:
    """Gumbel's maximum: a category with probabilities that shift with the workplace."""
    values = np.array([code.value for code in variable.answers])
    worth, shift = rng.normal(0, 0.6, len(values)), rng.normal(0, 0.5, len(values))
    best = np.full(len(lean), -np.inf)
    place = np.zeros(len(lean), dtype=np.int64)
    for i in range(len(values)):
        utility = worth[i] + lean * shift[i] + rng.gumbel(size=len(lean))
        better = utility > best
        best[better], place[better] = utility[better], i
    return np.asarray(values[place], dtype=np.int64)


def _ordinal(variable: Variable, people: _People, rng: np.random.Generator) -> Integers:
    """A latent normal judgement cut into the steps of the scale."""
    values = np.array([code.value for code in variable.answers])
    mean, shift = rng.normal(0.25, 0.5), rng.choice([-1, 1]) * rng.uniform(0.3, 0.9)
    units = rng.normal(0, 0.15, int(people.stratum.max(initial=0)) + 1)
    latent = mean + shift * people.lean + units[people.stratum] + 0.5 * people.mood
    latent += rng.normal(size=len(people))
    steps = np.searchsorted(np.linspace(-1.5, 1.5, len(values) - 1), latent)
    return np.asarray(values[steps], dtype=np.int64)


def _straighten(question: Question, drawn: dict[str, Integers], people: _People) -> None:
    """Give the straightliners one step in every row of a list."""
    rng = stream(people.seed, "straightliners")
    lazy = np.flatnonzero(rng.random(len(people)) < STRAIGHTLINERS)
    position = rng.random(len(lazy))
    for variable in question.variables:
        values = np.array([code.value for code in variable.answers])
        drawn[variable.name][lazy] = values[(position * len(values)).astype(int)]


def _numbers(question: Question, people: _People, item: Item) -> dict[str, Integers]:
    """Numbers and dates around the lower half of what is plausible."""
    assert isinstance(item, Measured)
    name = question.variables[0].name
    rng = stream(people.seed, name)
    low, high = plausible(item)
    place = 0.4 + rng.normal(0, 0.1) * people.lean + 0.2 * rng.normal(size=len(people))
    values = low + np.rint(np.clip(place, 0, 1) * (high - low))
    return {name: values.astype(np.int64)}


def plausible(item: Measured) -> tuple[int, int]:
    """Limits for invented values: those of the item, narrower where it sets none."""
    low, high = item.bounds
    if isinstance(item, Date):
        first, last = item.value(PLAUSIBLE_DAYS[0]), item.value(PLAUSIBLE_DAYS[1])
        return (max(low, first), min(high, last)) if low < last and high > first else (low, high)
    steps = 10 ** item.questions()[0].variables[0].decimals
    return low, min(high, low + PLAUSIBLE_SPAN * steps)


def _checks(question: Question, people: _People, item: Item) -> dict[str, Integers]:
    """Ticked or not; nobody ticks nothing or too much, and an exclusive option stands alone."""
    assert isinstance(item, Multiple)
    rng = stream(people.seed, question.id)
    exclusive = np.array([option.exclusive for option in item.choices])
    options = len(exclusive)
    worth = rng.normal(-0.4, 0.8, options) + np.outer(people.lean, rng.normal(0, 0.8, options))
    utility = worth + rng.logistic(size=worth.shape)
    only = rng.random(len(people)) < EXCLUSIVE
    if not exclusive.all():
        utility[np.ix_(~only, exclusive)] = -np.inf
    if exclusive.any():
        utility[np.ix_(only, ~exclusive)] = -np.inf
    most = np.where(only & exclusive.any(), 1, item.at_most or options)
    place = utility.argsort(axis=1)[:, ::-1].argsort(axis=1)
    ticked = ((utility > 0) & (place < most[:, None])) | (place == 0)
    return {v.name: ticked[:, i].astype(np.int64) for i, v in enumerate(question.variables)}


# -- rankings -----------------------------------------------------------------------------


def _ranking(question: Question, people: _People) -> tuple[dict[str, Integers], tuple[str, str]]:
    """Places by Plackett-Luce worths, made symmetric in the two tied elements."""
    rng = stream(people.seed, question.id)
    worth, shift, pair = _worths(len(question.elements), rng)
    tied = np.array(pair)
    keys = worth + np.outer(people.lean, shift) + rng.gumbel(size=(len(people), len(worth)))
    first, second, single = _twins(people.stratum)
    keys[second] = keys[first]
    keys[np.ix_(second, tied)] = keys[np.ix_(first, tied[::-1])]
    depth = np.full(len(people), question.depth)
    short = first[rng.random(len(first)) < SHORT_RANKINGS]
    depth[short] = max(question.depth - 1, 1)
    depth[second] = depth[first]
    # People without a twin rank neither of the two, so that they cannot break the tie.
    keys[np.ix_(single, tied)] = -np.inf
    depth[single] = min(question.depth, len(worth) - len(tied))
    places = keys.argsort(axis=1)[:, ::-1].argsort(axis=1) + 1
    places[places > depth[:, None]] = 0
    columns = {v.name: places[:, i].astype(np.int64) for i, v in enumerate(question.variables)}
    return columns, (question.elements[pair[0]], question.elements[pair[1]])


def _worths(elements: int, rng: np.random.Generator) -> tuple[Floats, Floats, list[int]]:
    """Log-worths of the first workplace group, the second's shift, and who is tied."""
    levels = elements - 1
    level_worth = np.linspace(0.9, -0.9, levels)
    level_shift = 1.3 * rng.permutation(np.linspace(-1, 1, levels))
    tied_level = min(1, levels - 1)
    order = [*range(tied_level + 1), tied_level, *range(tied_level + 1, levels)][:elements]
    place = rng.permutation(elements)
    worth, shift = np.empty(elements), np.empty(elements)
    worth[place], shift[place] = level_worth[order], level_shift[order]
    return worth, shift, [int(place[tied_level]), int(place[tied_level + 1])]


def _twins(stratum: Integers) -> tuple[Integers, Integers, Integers]:
    """First and second of each pair, and those left over; people stand ordered by stratum."""
    starts = np.flatnonzero(np.diff(stratum, prepend=-1))
    inside = np.arange(len(stratum)) - np.repeat(starts, np.diff([*starts, len(stratum)]))
    second = np.flatnonzero(inside % 2 == 1)
    paired = np.zeros(len(stratum), dtype=bool)
    paired[second] = paired[second - 1] = True
    return second - 1, second, np.flatnonzero(~paired)
