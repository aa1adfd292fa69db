"""Rows on shown orders: what standing first instead of last did to the answers.

Where the items of a page or blocks of pages changed places, there is no first entry of one
list; there the question is whether answers differ between the orders at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from reports.assembly.rows import (
    OPT_IN,
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    everybody,
)
from reports.estimates import Estimate
from reports.estimators.association import chi_square, cramers_v, kruskal_wallis
from reports.estimators.design import Census, Floats
from reports.estimators.order_effects import effect_interval, order_effect
from survey.codebook import Question, Scale, Variable
from survey.orders import balanced_orders

NEEDS_N = 30
TOO_FEW = f"eine der gezeigten Reihenfolgen hat weniger als {NEEDS_N} Antworten"
MEANING = "zuerst gezeigt minus zuletzt gezeigt"
BETWEEN = "Unterschied zwischen den gezeigten Reihenfolgen; einzeln geprüft, keine Aussage"


def order_rows(context: Context, question: Question) -> Iterator[Estimate]:
    """What the shown order did to the answers to one question.

    For a shuffled list shares for rankings (top k, or first where all are placed), choices and
    ticks, mean codes for ratings; entries that kept the end of the list have no part in it. For
    the items of a shuffled page and for shuffled blocks whether answers depend on the order.
    """
    yield from _list_rows(context, question)
    for name, stored in context.release.orders.items():
        if ":" in name and isinstance(stored, Mapping):
            for variable in question.variables:
                yield from _between_orders(context, question, variable, name, stored)


def _between_orders(
    context: Context, question: Question, variable: Variable, name: str, stored: Mapping[str, Any]
) -> Iterator[Estimate]:
    """Whether one variable is answered differently under the orders of a page or of blocks."""
    rows = stored.get("values", {}).get(variable.name)
    if not rows or variable.scale in (Scale.TEXT, Scale.NUMBER):
        return
    kinds = sorted({int(v) for one in rows for v in one if int(v) >= 0})
    counts = np.array([[float(one.get(str(v), 0)) for v in kinds] for one in rows])
    counts = counts.reshape(len(rows), len(kinds))
    item, domain = variable.name, everybody(context)
    least, n = int(counts.sum(axis=1).min()), float(counts.sum())
    if least < NEEDS_N:
        for statistic in ("order_v", "order_p"):
            yield absent(context, item, domain, statistic, name, least, TOO_FEW)
        return
    place, size = Place(item, (domain,), np.array([n])), cramers_v(counts)
    figures = Figures.only([[np.nan if size is None else size]], "bergsma")
    yield from estimates(context, place, "order_v", (name,), figures, Unit.PLAIN, BETWEEN)
    if not isinstance(context.design, Census):
        yield absent(context, item, domain, "order_p", name, int(n), OPT_IN)
        return
    if question.scale is Scale.ORDINAL:
        found = kruskal_wallis(context.design, counts, np.array(kinds, dtype=float))
    else:
        found = chi_square(context.design, counts)
    if found.p is None:
        yield absent(context, item, domain, "order_p", name, int(n), found.reason)
        return
    figures = Figures.only([[found.p]], found.method)
    yield from estimates(context, place, "order_p", (name,), figures, Unit.PROBABILITY, BETWEEN)


def _list_rows(context: Context, question: Question) -> Iterator[Estimate]:
    stored = context.release.orders.get(question.id, _of_item(context, question))
    if not isinstance(stored, Mapping) or len(question.variables) < 1:
        return
    made = _counts(question, stored)
    if made is None:
        return
    counts, scores, orders, shares = made
    domain = everybody(context)
    n = int(counts.sum(axis=2).min()) if counts.size else 0
    if n < NEEDS_N:
        yield absent(context, question.id, domain, "order_effect", "", n, TOO_FEW)
        return
    effect = order_effect(counts, scores, orders, shares=shares)
    place = Place(question.id, (domain,), np.array([effect.n]))
    if isinstance(context.design, Census):
        figures = Figures.of(effect_interval(context.design, effect)).across()
        note = MEANING
    else:
        figures = Figures.only([[effect.value]], "randomised_order")
        note = f"{MEANING}; {OPT_IN}"
    unit = Unit.POINTS if shares else Unit.SCORE
    yield from estimates(context, place, "order_effect", ("",), figures, unit, note)


def _of_item(context: Context, question: Question) -> object:
    """The orders of the item that a question of several came from (a grid's heading)."""
    for name, stored in context.release.orders.items():
        values = stored.get("values", {}) if isinstance(stored, Mapping) else {}
        inside = [variable.name in values for variable in question.variables]
        if inside and all(inside) and ":" not in name:
            return stored
    return None


def _counts(
    question: Question, stored: Mapping[str, Any]
) -> tuple[Floats, Floats, tuple[tuple[int, ...], ...], bool] | None:
    shown, values = stored.get("shown", ()), stored.get("values", {})
    moving = stored.get("moving") or ()
    if question.scale is Scale.NOMINAL and len(question.variables) == 1:
        return _by_answer(question.variables[0], moving, len(shown), values)
    known = {variable.element: variable for variable in question.variables}
    # without the names of the entries that moved all of them must have
    variables = tuple(known[code] for code in moving if code in known) or question.variables
    orders = balanced_orders(len(variables))
    if len(orders) != len(shown) or len(variables) < 2:
        return None
    return _by_variable(question, variables, values, orders)


def _by_answer(
    variable: Variable, moving: Sequence[str], shown: int, values: Mapping[str, Any]
) -> tuple[Floats, Floats, tuple[tuple[int, ...], ...], bool] | None:
    codes = {code.name: code.value for code in variable.answers}
    kept = [codes[name] for name in moving if name in codes] or list(codes.values())
    orders, rows = balanced_orders(len(kept)), values.get(variable.name, ())
    if len(orders) != shown or len(kept) < 2 or len(rows) != shown:
        return None
    everything = sorted(codes.values())
    by_order = np.array([[one.get(str(v), 0) for v in kept] for one in rows], dtype=float)
    total = np.array([sum(one.get(str(v), 0) for v in everything) for one in rows], dtype=float)
    counts = np.stack([by_order.T, total[None, :] - by_order.T], axis=2)
    return counts, np.array([1.0, 0.0]), orders, True


def _by_variable(
    question: Question,
    variables: Sequence[Variable],
    values: Mapping[str, Any],
    orders: tuple[tuple[int, ...], ...],
) -> tuple[Floats, Floats, tuple[tuple[int, ...], ...], bool] | None:
    if any(variable.name not in values for variable in variables):
        return None
    kinds = sorted(
        {int(v) for x in variables for one in values[x.name] for v in one if int(v) >= 0}
    )
    if not kinds:
        return None
    counts = np.array(
        [[[one.get(str(v), 0) for v in kinds] for one in values[x.name]] for x in variables],
        dtype=float,
    )
    if question.scale is Scale.RANK:
        depth = 1 if question.depth >= len(question.variables) else question.depth
        scores = np.array([float(0 < v <= depth) for v in kinds])
        return counts, scores, orders, True
    if question.scale is Scale.CHECK:
        return counts, np.array([float(v == 1) for v in kinds]), orders, True
    if question.scale is Scale.ORDINAL:
        return counts, np.array([float(v) for v in kinds]), orders, False
    return None
