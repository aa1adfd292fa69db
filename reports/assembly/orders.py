"""Rows on shown orders: what standing first instead of last did to the answers."""

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
from reports.estimators.design import Census, Floats
from reports.estimators.order_effects import effect_interval, order_effect
from survey.codebook import Question, Scale, Variable
from survey.orders import balanced_orders

NEEDS_N = 30
TOO_FEW = f"eine der gezeigten Reihenfolgen hat weniger als {NEEDS_N} Antworten"
MEANING = "zuerst gezeigt minus zuletzt gezeigt"


def order_rows(context: Context, question: Question) -> Iterator[Estimate]:
    """The effect of the shown order on the answers to one question with a shuffled list.

    Shares for rankings (top k, or first where all are placed), choices and ticks, mean codes
    for ratings. Entries that kept the end of the list have no part in it.
    """
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
    single = question.scale is Scale.NOMINAL and len(question.variables) == 1
    variable = question.variables[0]
    entries = len(variable.answers) if single else len(question.variables)
    orders = balanced_orders(entries)
    # fewer shuffled entries than entries: some keep the end, and which do is not known here
    if len(orders) != len(shown) or entries < 2:
        return None
    if single:
        rows = values.get(variable.name, ())
        kept = [code.value for code in variable.answers]
        by_order = np.array(
            [[one.get(str(value), 0) for value in kept] for one in rows], dtype=float
        )
        total = by_order.sum(axis=1)
        counts = np.stack([by_order.T, total[None, :] - by_order.T], axis=2)
        return counts, np.array([1.0, 0.0]), orders, True
    return _by_variable(question, question.variables, values, orders)


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
        depth = 1 if question.depth >= len(variables) else question.depth
        scores = np.array([float(0 < v <= depth) for v in kinds])
        return counts, scores, orders, True
    if question.scale is Scale.CHECK:
        return counts, np.array([float(v == 1) for v in kinds]), orders, True
    if question.scale is Scale.ORDINAL:
        return counts, np.array([float(v) for v in kinds]), orders, False
    return None
