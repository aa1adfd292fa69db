"""How one released number came about: what was counted, of how many, with which weights."""

from __future__ import annotations

from difflib import get_close_matches

from reports.errors import EstimateError
from reports.estimates import Estimate, Results
from reports.estimators import STATISTICS, SUFFIX
from reports.label_book import label_book
from reports.row_numbers import address, by_address
from reports.tables import EVERYBODY, Table
from survey.codebook import Question
from survey.study import WeightMethod

METHODS = "docs/METHODS.md"

FORMULAS = {
    "share": "numerator / denominator",
    "missing": "ballots with this reason / ballots",
    "top2": "answers on the two highest steps / valid answers",
    "bottom2": "answers on the two lowest steps / valid answers",
    "net": "top2 − bottom2",
    "mean": "sum of scores / valid answers",
    "first": "ballots that put the element first / valid answers",
    "top_k": "ballots that put the element among the first k / valid answers",
    "mean_rank": "sum of places / valid answers, unplaced at the mean of the remaining places",
    "pairwise": "ballots that put the first element before the second / valid answers",
    "diff_rest": "share in the group − share in the rest",
    "response_rate": "ballots / people asked",
    "bound_low": "numerator / people asked",
    "bound_high": "(numerator + people without a valid answer) / people asked",
    "gap_top2": "top2 of today − top2 of importance, same people",
}
"""Statistic to its formula in words; all others have theirs in docs/METHODS.md."""

COUNTED = ("share", "missing", "top2", "bottom2", "first", "top_k", "bound_low")
"""Shares of which the numerator is a sum of released counts."""


def explained(results: Results, name: str) -> str:
    """What stands behind the row with an address, as lines of text.

    Shows released things only: the row itself, and released counts. Raises ``EstimateError`` for
    an address that the table does not have, with the nearest ones.
    """
    rows = by_address(results)
    row = rows.get(name)
    if row is None:
        near = get_close_matches(name, rows, 3, 0.5)
        hint = f"; near: {', '.join(near)}" if near else ""
        raise EstimateError(f"no row {name} in {results.release.study.id}{hint}")
    facts = [
        ("address", address(row)),
        ("study", f"{row.study}, data {results.release.fingerprint[:8]}"),
        *_about(results, row),
        ("statistic", f"{row.statistic}: {_statistic(row)}"),
        ("printed", row.printed or "(nothing)"),
        *_value(row),
        *_base(results, row),
        *_weights(results, row),
        *_rules(results, row),
        ("formula", FORMULAS.get(row.statistic.removesuffix(SUFFIX), "see the section on method")),
        ("method", f"{METHODS}#{row.statistic.removesuffix(SUFFIX)}"),
    ]
    width = max(len(term) for term, _ in facts)
    return "\n".join(f"{term:<{width}}  {text}" for term, text in facts if text)


def _statistic(row: Estimate) -> str:
    plain = row.statistic.removesuffix(SUFFIX)
    return STATISTICS[plain] + (", weighted" if plain != row.statistic else "")


def _about(results: Results, row: Estimate) -> list[tuple[str, str]]:
    labels, question = label_book(results), _question(results, row.item)
    found = [("question", question.text if question is not None else "")]
    for part, of, name in (
        ("item", "", row.item), ("category", row.item, row.category),
        ("domain", row.domain_variable, row.domain),
    ):  # fmt: skip
        known = labels.get((part, of, name), ())
        term = {"item": "item", "category": "answer", "domain": "group"}[part]
        if name:
            found.append((term, f"{name} ({known[0]})" if known else name))
    return found if row.item else found[-1:]


def _question(results: Results, item: str) -> Question | None:
    for question in results.release.codebook:
        if item == question.id or item in (variable.name for variable in question.variables):
            return question
    return None


def _value(row: Estimate) -> list[tuple[str, str]]:
    if row.value is None and row.low is None:
        return [("status", f"{row.status.value}: {row.note}")]
    found = [("value", "" if row.value is None else repr(row.value))]
    if row.low is not None and row.high is not None:
        level = f", level {row.level}" if row.level is not None else ""
        found.append(("interval", f"{row.low!r} to {row.high!r} ({row.method}{level})"))
    if row.se is not None:
        found.append(("standard error", repr(row.se)))
    return [*found, ("note", row.note)]


def _base(results: Results, row: Estimate) -> list[tuple[str, str]]:
    found = []
    table = results.release.tables.get((row.item, row.domain_variable or EVERYBODY))
    numerator = _numerator(table, row) if table is not None and row.value is not None else None
    if row.statistic in ("top_k", "first") and row.value is not None:
        numerator = _placed(results, row)
    if row.statistic == "response_rate" and row.value is not None:
        found += [("numerator", f"{row.base_n} ballots"), ("denominator", f"{row.base_N} people")]
    elif numerator is not None:
        found += [("numerator", f"{numerator[0]} ballots"),
                  ("denominator", f"{numerator[1]} ballots")]  # fmt: skip
    elif row.base_n is not None:
        found.append(("denominator", f"{row.base_n} valid answers"))
    if row.base_N is not None and row.statistic != "response_rate":
        found.append(("people asked", str(row.base_N)))
    if row.n_eff is not None:
        found.append(("effective n", f"{row.n_eff:g}"))
    return found


def _placed(results: Results, row: Estimate) -> tuple[int, int] | None:
    """Ballots that put an element among the first, and valid answers; places count from 1."""
    question = _question(results, row.item)
    for variable in question.variables if question is not None else ():
        table = results.release.tables.get((variable.name, row.domain_variable or EVERYBODY))
        place = table.row(row.domain) if table is not None else None
        if variable.element == row.category and table is not None and place is not None:
            last = question.depth if question is not None and row.statistic == "top_k" else 1
            counts = dict(zip(table.values, map(int, table.counts[place]), strict=True))
            answers = {value: n for value, n in counts.items() if value >= 0}
            return sum(n for v, n in answers.items() if 1 <= v <= last), sum(answers.values())
    return None


def _numerator(table: Table, row: Estimate) -> tuple[int, int] | None:
    """Released counts behind an unweighted share of answers, () if they are no plain sum."""
    place = table.row(row.domain)
    if place is None or row.statistic not in COUNTED or row.statistic.endswith(SUFFIX):
        return None
    counts = dict(zip(table.values, map(int, table.counts[place]), strict=True))
    names = {code.name: code.value for code in table.variable.codes}
    answers = sorted(value for value in counts if value >= 0)
    if row.statistic == "missing":
        wanted = [names[row.category]] if row.category in names else []
    elif row.statistic in ("top2", "bottom2"):
        return None
    else:
        wanted = [names[row.category]] if row.category in names else []
    if not wanted or any(value not in counts for value in wanted):
        return None
    whole = sum(counts.values()) if row.statistic == "missing" else sum(counts[a] for a in answers)
    return sum(counts[value] for value in wanted), whole


def _weights(results: Results, row: Estimate) -> list[tuple[str, str]]:
    if not row.statistic.endswith(SUFFIX):
        return [("weights", "none: every ballot counts once")]
    frame = results.release.study.frame
    low, high = results.find("", "weight_min"), results.find("", "weight_max")
    by = " x ".join(frame.variables) if frame is not None else "the frame"
    ends = f", from {low.printed} to {high.printed}" if low is not None and high is not None else ""
    plain = results.find(row.item, row.statistic.removesuffix(SUFFIX), row.category,
                         by=row.domain_variable, domain=row.domain)  # fmt: skip
    beside = f"; unweighted {plain.printed}" if plain is not None and plain.printed else ""
    chosen = results.release.study.weights
    if chosen.method is WeightMethod.RAKING and row.domain_variable == EVERYBODY:
        margins = chosen.margins or (frame.variables if frame is not None else ())
        return [("weights", f"raked to {' and '.join(margins)}{ends}{beside}")]
    return [("weights", f"post-stratified by {by}{ends}{beside}")]


def _rules(results: Results, row: Estimate) -> list[tuple[str, str]]:
    rules = ", ".join(f"{name} {value}" for name, value in results.release.rules.items())
    return [("rules", f"{rules}; status {row.status.value}")]
