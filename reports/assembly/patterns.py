"""Rows from joint counts: reliability, and results with and without odd ballots."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from reports.assembly.rows import Context, Figures, Place, Unit, absent, estimates
from reports.estimates import Estimate
from reports.estimators.design import Census, Floats
from reports.estimators.ratings import boxes
from reports.estimators.reliability import cronbach_alpha, moments_of
from reports.estimators.response import disturbed
from reports.joint_patterns import patterns
from reports.tables import EVERYBODY, Joint, Status
from survey.codebook import Question, Scale, Variable

KINDS = {
    "straight": ("straightlining", "alle Zeilen der Liste auf derselben Stufe"),
    "repeated": ("repeated", "alle Antworten genau wie in einem anderen Stimmzettel"),
    "untouched": ("untouched", "in der Reihenfolge einer gezeigten Liste"),
}
"""Kind of joint counts to the statistic and what it counts."""

WITHOUT = "without_"
"""What stands before the kind in the statistics without such ballots."""

TOO_FEW = (
    "keine zehn solchen Stimmzettel oder keine zehn anderen, auch nicht neben den übrigen "
    "Vergleichen dieser Art"
)


def alpha_rows(context: Context, joint: Joint) -> Iterator[Estimate]:
    """Reliability of a list as one scale, reversed rows turned as the questionnaire says."""
    if not isinstance(context.design, Census) or not joint.domains:
        return
    items, (domain, *_) = moments_of(joint.counts[0]), joint.domains
    turned = [i for i, v in enumerate(joint.question.variables) if v.reversed]
    N = float("nan") if domain.headcount is None else float(domain.headcount)
    found = cronbach_alpha(context.design, items.cov, items.n, N, turned)
    if found.reason:
        yield absent(context, joint.name, domain, "alpha", "", int(items.n), found.reason)
        return
    place = Place(joint.name, (domain,), np.array([items.n]))
    note = f"{len(items.mean)} Aussagen, davon {len(turned)} umgekehrt gefragt"
    figures = Figures.of(found.alpha).row(0)
    yield from estimates(context, place, "alpha", ("",), figures, Unit.PLAIN, note)


def odd_rows(context: Context, joint: Joint, owners: dict[str, Question]) -> Iterator[Estimate]:
    """How many ballots look inattentive, and by how much shares differ without them."""
    if not joint.domains:
        return
    statistic, what = KINDS[joint.kind]
    (domain, *_), (every, without) = joint.domains, joint.counts[0].astype(float)
    n, left = float(every[0].sum()), float(every[0].sum() - without[0].sum())
    if not left:
        yield absent(context, joint.name, domain, statistic, "", int(n), TOO_FEW, Status.NOT_SHOWN)
        return
    place = Place(joint.name, (domain,), np.array([n]))
    figures = Figures.only(np.array([[left / n]]), "count")
    yield from estimates(context, place, statistic, ("",), figures, Unit.SHARE, what)
    variables = _counted(context, joint)
    for row, variable in enumerate(variables):
        used = [code.value for code in variable.answers]
        shifted = _headline(owners[variable.name], variable, every[row], without[row], used)
        if shifted is None:
            continue
        question = owners[variable.name]
        ranked = question.scale is Scale.RANK
        one = Place(question.id if ranked else variable.name, (domain,), np.array([n]))
        names = (variable.element if ranked else "",)
        figures = Figures.only(np.array([[shifted]]), "count")
        note = f"Anteil ohne {round(left)} Stimmzettel ({what}) minus Anteil mit ihnen"
        yield from estimates(context, one, WITHOUT + joint.kind, names, figures, Unit.POINTS, note)


def _counted(context: Context, joint: Joint) -> tuple[Variable, ...]:
    """The variables of the counts, in their order."""
    if joint.kind != "repeated":
        return joint.question.variables
    found = patterns(context.release.codebook)
    return next((variables for _, _, variables in found), ())


def _headline(
    question: Question, variable: Variable, every: Floats, without: Floats, used: list[int]
) -> float | None:
    """By how much the headline share of a variable moves: top two steps, or the top k places."""
    if question.scale is Scale.RANK:
        inside = np.arange(every.size) > 0
    elif question.scale is Scale.ORDINAL:
        scores = [code.score for code in variable.answers]
        order = [float(s) if s is not None else float(v) for s, v in zip(scores, used, strict=True)]
        found = boxes(order)
        if found is None:
            return None
        inside = np.isin(np.arange(every.size), np.array(used)[found[0]])
    else:
        return None
    pair = [np.array([[k[inside].sum(), k[~inside].sum()]]) for k in (every, without)]
    return float(disturbed(*pair)[0, 0])


def joint_rows(context: Context, question: Question) -> Iterator[Estimate]:
    """All rows of the joint counts that belong to one question."""
    joint = context.release.joint
    owners = {v.name: q for q in context.release.codebook for v in q.variables}
    scale = joint.get(("scale", question.id, EVERYBODY))
    if scale is not None:
        yield from alpha_rows(context, scale)
    for kind in ("straight", "untouched"):
        found = joint.get((kind, question.id, EVERYBODY))
        if found is not None:
            yield from odd_rows(context, found, owners)


def pattern_rows(context: Context) -> Iterator[Estimate]:
    """Rows on patterns of answers that came more than once, over all questions."""
    found = context.release.joint.get(("repeated", "", EVERYBODY))
    if found is not None:
        owners = {v.name: q for q in context.release.codebook for v in q.variables}
        yield from odd_rows(context, found, owners)
