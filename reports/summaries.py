"""What a page needs of the results, element by element.

Sentence, chart and table of one exhibit read the same frozen summary, so they cannot
disagree. Nothing is computed here: every number is a row of the long table.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports import typography
from reports.estimates import Estimate, Results
from reports.judgements import is_best_worst
from reports.preferences import is_full
from reports.stated_leads import StatedLead, stated_lead
from survey.codebook import Code, Question, Role, Scale, Variable
from survey.study import Regime

WEIGHTED = "_weighted"

IMPORTANCE, TODAY = "_importance", "_today"
"""Ends of the ids of two facets that belong together."""

REASONS = {"dont_know": "weiß nicht", "refused": "keine Angabe", "skipped": "ohne Antwort"}
"""What a reader sees of the reasons for a missing answer, in the order of the charts."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places that an element can have, all elements looked at together.

    >>> Places(1, 2).surely_before(Places(3, 5)), Places(1, 3).surely_before(Places(3, 5))
    (True, False)
    """

    low: int
    high: int

    def surely_before(self, other: Places) -> bool:
        """Whether every possible place here comes before every possible place there."""
        return self.high < other.low


@dataclass(frozen=True, slots=True)
class Ranked:
    """One element of a ranking: main figure and, beside it, the unweighted one."""

    element: str
    label: str
    share: Estimate
    places: Places | None
    plain_share: Estimate
    plain_places: Places | None
    first: Estimate | None
    mean_rank: Estimate | None


def top_places(question: Question) -> str:
    """What the shares of a ranking question count, as a heading says it."""
    if is_full(question) or question.depth == 1:
        return "erste Wahl"
    return f"unter den ersten {question.depth}"


@dataclass(frozen=True, slots=True)
class Ranking:
    """A ranking question, elements in the order of the questionnaire.

    ``census`` says whether an order may be inferred at all; ``unweighted`` why there are no
    weighted possible places, empty where there are. Share is the first choice where every
    element is to be placed, else the top k.
    """

    question: Question
    elements: tuple[Ranked, ...]
    missing: tuple[tuple[str, Estimate], ...]
    census: bool = True
    unweighted: str = ""
    stated: StatedLead | None = None

    @property
    def full(self) -> bool:
        """Whether every element is to be placed: the places then follow the mean rank."""
        return is_full(self.question)

    @property
    def measure(self) -> str:
        """What the shares count: a first choice, or a place among the first k."""
        return top_places(self.question)

    @property
    def by_share(self) -> tuple[Ranked, ...]:
        """The elements by falling share, for charts and tables (which say what that means)."""
        shown = [ranked for ranked in self.elements if ranked.share.value is not None]
        return tuple(sorted(shown, key=lambda ranked: -(ranked.share.value or 0.0)))

    @property
    def weighted(self) -> bool:
        """Whether the main figures are weighted."""
        return any(ranked.share is not ranked.plain_share for ranked in self.elements)

    @property
    def base(self) -> Estimate:
        """A row that carries the base of the whole question."""
        return self.elements[0].plain_share

    @property
    def weighted_base(self) -> Estimate | None:
        """A row that carries the valid answers with a weight; None where nothing is weighted."""
        return self.elements[0].share if self.weighted else None


@dataclass(frozen=True, slots=True)
class PairedGap:
    """Today minus importance of one row for the same people, without weights and with them.

    ``p`` is adjusted for all claims of the dossier and holds for both columns.
    """

    plain: Estimate
    weighted: Estimate | None
    p: Estimate | None


@dataclass(frozen=True, slots=True)
class Distribution:
    """All steps of one variable, and who gave no answer on it.

    The steps of a scale rise from the lowest to the highest. ``plain`` is the unweighted row of
    the first of them, ``asked`` how many saw the question, where not everybody did.
    """

    question: Question
    variable: Variable
    label: str
    steps: tuple[tuple[Code, Estimate], ...]
    top2: Estimate | None
    bottom2: Estimate | None
    net: Estimate | None
    missing: tuple[tuple[str, Estimate], ...]
    plain: Estimate | None = None
    plain_top2: Estimate | None = None
    gap: PairedGap | None = None
    asked: int | None = None

    @property
    def weighted(self) -> bool:
        """Whether the shares are weighted."""
        return self.plain is not None and self.steps[0][1] is not self.plain

    @property
    def base(self) -> Estimate:
        """A row that carries all valid answers, with weight or without."""
        return self.plain or self.steps[0][1]

    @property
    def weighted_base(self) -> Estimate | None:
        """A row that carries the valid answers with a weight; None where nothing is weighted."""
        return self.steps[0][1] if self.weighted else None

    @property
    def lower(self) -> Estimate | None:
        """The sum of the lower half of the steps, None if no row of the table holds it."""
        return self._half(self.bottom2, self.steps[0][1])

    @property
    def upper(self) -> Estimate | None:
        """The sum of the upper half of the steps, None if no row of the table holds it."""
        return self._half(self.top2, self.steps[-1][1])

    def _half(self, box: Estimate | None, end: Estimate) -> Estimate | None:
        return {1: end, 2: box}.get(len(self.steps) // 2)

    @property
    def silent(self) -> float:
        """Share of all ballots without an answer on the scale."""
        return sum(estimate.value or 0.0 for _, estimate in self.missing)


def short(label: str) -> str:
    """The part of a label before its explanation.

    >>> short("verlässlich: Was zugesagt ist, geschieht")
    'verlässlich'
    """
    return label.split(":")[0].strip().replace("\u00ad", "")


def row_name(question: Question, variable: Variable) -> str:
    """What one row of several is called; of a best–worst set, its members and which choice."""
    if not is_best_worst(question):
        return short(variable.label)
    members = typography.listed([short(code.label) for code in variable.answers])
    return f"{members}: {variable.label.partition(': ')[2]}"


def main(results: Results, item: str, statistic: str, category: str = "") -> Estimate | None:
    """The weighted row for everybody if it holds a value, else the unweighted one, or None."""
    weighted = results.find(item, statistic + WEIGHTED, category)
    if weighted is not None and weighted.value is not None:
        return weighted
    return results.find(item, statistic, category)


def ranking(results: Results, question: Question) -> Ranking:
    """The summary of a ranking question."""
    elements = tuple(_ranked(results, question, variable) for variable in question.variables)
    return _together(results, question, elements, question.id)


def _together(
    results: Results, question: Question, elements: tuple[Ranked, ...], item: str
) -> Ranking:
    census = results.release.study.regime is Regime.CENSUS_ATTEMPT
    why = "" if all(e.places for e in elements) else _why_unweighted(results, item)
    stated = None if census else stated_lead(results, item)
    return Ranking(question, elements, _missing(results, item), census, why, stated)


def _why_unweighted(results: Results, item: str) -> str:
    notes = (
        row.note
        for row in results.select(item, by="")
        if row.statistic.endswith(WEIGHTED) and row.value is None and row.low is None
    )
    return next(notes, "")


def _ranked(results: Results, question: Question, variable: Variable) -> Ranked:
    item, element = question.id, variable.element
    statistic = "first" if is_full(question) else "top_k"
    plain = results.get(item, statistic, element)
    weighted_set = results.find(item, "rank_set" + WEIGHTED, element)
    plain_set = results.find(item, "rank_set", element)
    return Ranked(
        element=element,
        label=short(variable.label),
        share=main(results, item, statistic, element) or plain,
        places=places_of(weighted_set),
        plain_share=plain,
        plain_places=places_of(plain_set),
        first=main(results, item, "first", element),
        mean_rank=main(results, item, "mean_rank", element),
    )


def chosen(results: Results, question: Question) -> Ranking | None:
    """A choice of one among several as a ranking of its options by share.

    None unless every option has its share.
    """
    (variable,) = question.variables
    found = tuple(_option(results, variable, code) for code in variable.answers)
    options = tuple(option for option in found if option is not None)
    if not options or len(options) < len(found):
        return None
    return _together(results, question, options, variable.name)


def _option(results: Results, variable: Variable, code: Code) -> Ranked | None:
    item = variable.name
    plain = results.find(item, "share", code.name)
    plain_places = places_of(results.find(item, "rank_set", code.name))
    places = places_of(results.find(item, "rank_set" + WEIGHTED, code.name))
    if plain is None or plain.value is None:
        return None
    share = main(results, item, "share", code.name) or plain
    return Ranked(code.name, short(code.label), share, places, plain, plain_places, None, None)


def places_of(row: Estimate | None) -> Places | None:
    """The possible places that a row holds; None where it holds none."""
    if row is None or row.low is None or row.high is None:
        return None
    return Places(round(row.low), round(row.high))


def _missing(results: Results, item: str) -> tuple[tuple[str, Estimate], ...]:
    rows = ((text, main(results, item, "missing", name)) for name, text in REASONS.items())
    return tuple((text, row) for text, row in rows if row is not None and row.value is not None)


def asked_about(question: Question) -> str:
    """The title of a question, or its wording where it has none."""
    return question.title or question.text


def distributions(results: Results, question: Question) -> tuple[Distribution, ...]:
    """The summaries of the variables of a question whose shares were released."""
    found = (distribution(results, question, variable) for variable in question.variables)
    return tuple(summary for summary in found if summary is not None)


def distribution(results: Results, question: Question, variable: Variable) -> Distribution | None:
    """The summary of one variable, None if its shares were not released."""
    codes = rising(variable) if variable.scale is Scale.ORDINAL else variable.answers
    shares = [(c, main(results, variable.name, "share", c.name)) for c in codes]
    steps = tuple((c, row) for c, row in shares if row is not None and row.value is not None)
    if not steps or len(steps) < len(shares):
        return None
    return Distribution(
        question=question,
        variable=variable,
        label=short(variable.label if len(question.variables) > 1 else asked_about(question)),
        steps=steps,
        top2=main(results, variable.name, "top2"),
        bottom2=main(results, variable.name, "bottom2"),
        net=main(results, variable.name, "net"),
        missing=_missing(results, variable.name),
        plain=results.find(variable.name, "share", codes[0].name),
        plain_top2=results.find(variable.name, "top2"),
        gap=_gap(results, variable.name),
        asked=_asked(results, variable.name),
    )


def _asked(results: Results, item: str) -> int | None:
    """How many saw a question; None if everybody who took part did, and where nothing tells."""
    found = max((row.base_n or 0 for row in results.select(item, "missing", "")), default=0)
    everybody = next(iter(results.release.ballots.get("", ())), None)
    return found if everybody is not None and 0 < found < everybody[1] else None


def _gap(results: Results, item: str) -> PairedGap | None:
    plain = results.find(item, "gap_top2")
    if plain is None or plain.value is None:
        return None
    weighted = results.find(item, "gap_top2" + WEIGHTED)
    return PairedGap(plain, weighted, results.find(item, "gap_top2_p"))


def rising(variable: Variable) -> tuple[Code, ...]:
    """The steps of a scale from the lowest on, as the boxes of two steps are counted."""
    scores = {code.value: code.score for code in variable.answers}
    if any(score is None for score in scores.values()):
        return tuple(sorted(variable.answers, key=lambda code: code.value))
    return tuple(sorted(variable.answers, key=lambda code: scores[code.value] or 0.0))


def paired_grids(results: Results) -> tuple[Question, Question] | None:
    """The first grid that asks for each row how important it is and how it stands today.

    Both are facets of one item; no other two grids are set side by side, for their scales
    need not mean the same.
    """
    grids = {
        question.id: question
        for question in results.release.codebook.with_role(Role.ASSESSMENT)
        if question.scale is Scale.ORDINAL and len(question.variables) > 1
    }
    for id, question in grids.items():
        other = grids.get(id.removesuffix(IMPORTANCE) + TODAY)
        if other is None or not id.endswith(IMPORTANCE):
            continue
        if question.elements == other.elements:
            return question, other
    return None
