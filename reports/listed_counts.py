"""How many things there are of each kind that a document lists: counts of rows, not estimates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from reports import typography
from reports.class_words import class_words
from reports.constants import Constant
from reports.contrasts import unit_contrasts
from reports.estimates import Results
from reports.estimators import SUFFIX
from reports.tables import WEIGHTING
from reports.unit_rates import units
from survey.codebook import Scale

NAMED = 3
"""Differences of one unit that a table names; the rest is counted."""


def listed_counts(results: Results) -> tuple[Constant, ...]:
    """All counts of a study: what is counted, and how many there are."""
    found = [
        *_of_the_questionnaire(results),
        *_of_the_attack(results),
        *_of_the_contrasts(results),
    ]
    counts = dict.fromkeys(Constant("count", typography.count(n), of) for n, of in found)
    return (*counts, *_limits(results))


def _limits(results: Results) -> Iterator[Constant]:
    """The limits of the classes that typed numbers and dates are sorted into."""
    for row in results.select(statistic="class_share"):
        yield Constant("rule", class_words(row.category), f"class of {row.item}")


def _of_the_questionnaire(results: Results) -> Iterator[tuple[int, str]]:
    release = results.release
    yield len(tuple(release.codebook)), "questions"
    for question in release.codebook:
        yield len(question.variables), f"rows or elements of {question.id}"
        for variable in question.variables[:1]:
            yield len(variable.answers), f"answers of {question.id}"
        if question.scale is Scale.RANK:
            yield question.depth, f"places of {question.id}"
    for by, groups in release.ballots.items():
        if by:
            yield len(groups), f"groups of {by}"
            yield len(groups) + len(release.withheld.get(by, ())), f"units of {by}"
    cells = [d for d, _ in release.ballots.get(WEIGHTING, ()) if d.headcount is not None]
    whole = {domain.code.partition("*")[0] for domain in cells}
    split = {domain.code.partition("*")[0] for domain in cells if "*" in domain.code}
    yield from ((len(cells), "weighting cells"), (len(whole), "units of the weighting"))
    yield len(split), "units of the weighting with cells of their own"


def _of_the_attack(results: Results) -> Iterator[tuple[int, str]]:
    found = results.release.attack
    if found is None:
        return
    yield found.tables, "tables under attack"
    yield found.groups, "groups under attack"
    yield found.differences, "differences formed by the attack"
    yield found.hidden, "hidden numbers bounded by the attack"
    yield len(found.findings), "findings of the attack"
    yield from ((number, "number of an earlier release") for number in found.compared)
    rows = (row for row in results if row.value is not None)
    yield sum(row.statistic.endswith(SUFFIX) for row in rows), "weighted rows"


def _of_the_contrasts(results: Results) -> Iterator[tuple[int, str]]:
    tested = [row for row in results.select(statistic="diff_rest_p") if row.value is not None]
    for row in tested:
        for number in re.findall(r"über (\d+) Vergleiche", row.note):
            yield int(number), "tests in the family"
    carried_of: dict[tuple[str, str], int] = defaultdict(int)
    for by in dict.fromkeys(row.domain_variable for row in tested):
        mine = [row for row in tested if row.domain_variable == by]
        yield len(mine), f"tests of groups of {by}"
        total, tests = 0, 0
        for item, category in dict.fromkeys((row.item, row.category) for row in mine):
            contrasts = unit_contrasts(results, item, by, category)
            carried = [c for c in contrasts if c.carried]
            above = sum((c.difference.value or 0.0) > 0 for c in carried)
            total += len(carried)
            what = f"groups of {by} that differ in {item} {category}".strip()
            yield len(carried), what
            yield from ((above, f"{what}: above"), (len(carried) - above, f"{what}: below"))
            tested_here = sum(c.p is not None and c.p.value is not None for c in contrasts)
            tests += tested_here
            yield tested_here, f"groups of {by} tested in {item} {category}".strip()
            for contrast in carried:
                carried_of[by, contrast.domain.code] += 1
        yield tests, f"tests of groups of {by} that are shown"
        yield total, f"differences of groups of {by} that hold"
        for unit in units(results, by):
            own = carried_of[by, unit.domain.code]
            yield own, f"differences of {unit.domain.code} that hold"
            if own > NAMED:
                yield own - NAMED, f"further differences of {unit.domain.code}"
