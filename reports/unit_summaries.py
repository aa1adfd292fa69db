"""One unit beside everybody: its figures, the city's, and the range of all other units.

The other units stay unnamed; nothing here is sorted by value.
"""

from __future__ import annotations

from dataclasses import dataclass

from reports.contrasts import Contrast, unit_contrasts
from reports.domains import NO_ANSWER
from reports.estimates import Estimate, Results
from reports.preferences import is_full
from reports.summaries import REASONS, Distribution, rising, short, top_places
from survey.codebook import Question, Role, Scale, Variable

NET = "net"


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of a unit, of everybody, and the lowest and highest of the other units.

    ``rest`` is the difference of the unit to the rest of the organisation, None where there is
    none; shares are unweighted, as those of units are. ``place`` holds the possible places of
    the unit among all units by this figure, None where there are none.
    """

    label: str
    measure: str
    question: Question
    own: Estimate
    whole: Estimate
    low: Estimate | None
    high: Estimate | None
    rest: Contrast | None
    place: Estimate | None = None


def beside(results: Results, by: str, code: str, question: Question) -> tuple[Beside, ...]:
    """The main figure of every element or row of a question that was released for the unit."""
    found = (_beside(results, by, code, question, *figure) for figure in _figures(question))
    return tuple(row for row in found if row is not None)


def _figures(question: Question) -> list[tuple[str, str, str, str, str]]:
    """Item, statistic, category, category of its contrast and label of each main figure."""
    if question.scale is Scale.RANK:
        statistic = "first" if is_full(question) else "top_k"
        return [(question.id, statistic, v.element, v.element, short(v.label))
                for v in question.variables]  # fmt: skip
    several = len(question.variables) > 1
    if question.scale is Scale.ORDINAL:
        return [(v.name, "top2", "", "top2", short(v.label) if several else _title(question))
                for v in question.variables]  # fmt: skip
    if question.scale is Scale.NOMINAL and question.role in (Role.PREFERENCE, Role.ASSESSMENT):
        return [(v.name, "share", code.name, "", short(code.label))
                for v in question.variables for code in v.answers]  # fmt: skip
    return []


def _title(question: Question) -> str:
    return short(question.title or question.text)


def _beside(
    results: Results, by: str, code: str, question: Question, *figure: str
) -> Beside | None:
    item, statistic, category, contrast, label = figure
    own = results.find(item, statistic, category, by=by, domain=code)
    whole = results.find(item, statistic, category)
    if own is None or own.value is None or whole is None or whole.value is None:
        return None
    others = [
        row
        for row in results.select(item, statistic, by)
        if row.category == category and row.value is not None
        and row.domain not in (code, NO_ANSWER)
    ]  # fmt: skip
    others.sort(key=lambda row: row.value or 0.0)
    found = unit_contrasts(results, item, by, contrast) if contrast else ()
    rest = next((c for c in found if c.domain.code == code), None)
    low, high = (others[0], others[-1]) if len(others) > 1 else (None, None)
    place = results.find(item, "group_place", by=by, domain=code) if statistic == "top2" else None
    place = place if place is not None and place.low is not None else None
    return Beside(label, measure(question), question, own, whole, low, high, rest, place)


def measure(question: Question) -> str:
    """What the main figure of a question counts."""
    if question.scale is Scale.RANK:
        return top_places(question)
    return "beide höchsten Stufen" if question.scale is Scale.ORDINAL else "Anteil"


def distributions_of(
    results: Results, by: str, code: str, question: Question
) -> tuple[Distribution, ...]:
    """All steps of each row of a question in one unit, unweighted; only what was released."""
    found = (distribution_of(results, by, code, question, v) for v in question.variables)
    return tuple(row for row in found if row is not None)


def distribution_of(
    results: Results, by: str, code: str, question: Question, variable: Variable
) -> Distribution | None:
    """All steps of one variable in one unit, None if they were not released."""

    def row(statistic: str, category: str = "") -> Estimate | None:
        found = results.find(variable.name, statistic, category, by=by, domain=code)
        return found if found is not None and found.value is not None else None

    codes = rising(variable) if variable.scale is Scale.ORDINAL else variable.answers
    steps = tuple((c, share) for c in codes if (share := row("share", c.name)) is not None)
    if not steps or len(steps) < len(codes):
        return None
    silent = ((text, row("missing", name)) for name, text in REASONS.items())
    return Distribution(
        question=question,
        variable=variable,
        label=short(variable.label) if len(question.variables) > 1 else _title(question),
        steps=steps,
        top2=row("top2"),
        bottom2=row("bottom2"),
        net=row("net"),
        missing=tuple((text, found) for text, found in silent if found is not None),
        plain=steps[0][1],
        plain_top2=row("top2"),
    )
