"""Rows of typed numbers and dates: classes, median and quartiles, for everybody and by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from reports import typography
from reports.assembly.choices import share_figures
from reports.assembly.rows import (
    Context,
    Figures,
    Place,
    Unit,
    absent,
    estimates,
    number,
    overfull,
    why_no_interval,
    withheld,
)
from reports.classes import OPEN, is_date, joined_classes
from reports.estimates import Estimate
from reports.estimators.design import LEVEL, Census
from reports.estimators.quantiles import (
    LIMITS_NEED_N,
    MEAN_NEEDS_N,
    Classes,
    Sums,
    grouped_quantile,
    number_mean,
    quantile_interval,
)
from reports.tables import Domain, Joint, Status
from survey.codebook import Question, Variable

IN_OPEN_CLASS = "liegt in einer offenen Klasse: die einzelne Zahl bliebe nicht verborgen"
FEW = "zu wenige Antworten für eine Klasse"
ONE_LARGE = "eine einzelne Zahl bestimmte den Mittelwert und wäre aus ihm zu erraten"
SKEWED = "zu wenige Antworten für eine so schiefe Verteilung: siehe Median"
FEW_FOR_LIMITS = f"ohne Intervall: unter {LIMITS_NEED_N} Antworten hielte es nicht, siehe Median"
LEANING = "ohne Intervall: für eine so schiefe Verteilung zu wenige Antworten, siehe Median"
_QUANTILES = (("median", "", 0.5), ("quantile", "25", 0.25), ("quantile", "75", 0.75))


def number_rows(
    context: Context, question: Question, joint: Joint, whole: Joint
) -> Iterator[Estimate]:
    """Shares of classes and the three quartiles of one number or date, by domain.

    Values are in the question's unit, for dates days since 1 January 1900; ``printed`` has the
    date. The classes are those of everybody, whose counts are ``whole``; in a group, neighbours
    are joined until each class holds enough of its people.
    """
    needs = context.release.rules["min_base"]
    limits = joined_classes(whole.counts[0].tolist() if whole.domains else [], needs)
    for d, domain in enumerate(joint.domains):
        rows = _within(limits, joint.counts[d].tolist(), needs)
        yield from _number_rows(context, question, domain, rows)
    yield from withheld(context, question.variables[0].name, joint.withheld, "median")


def _within(
    limits: list[tuple[int, int, int]], counts: list[list[int]], needs: int
) -> list[tuple[int, int, int]]:
    """The classes of everybody with the people of a group, joined until nobody stands alone."""
    inside = [
        (low, high, sum(people for start, end, people in counts if low <= start and end <= high))
        for low, high, _ in limits
    ]
    return joined_classes(inside, needs)


def _number_rows(
    context: Context, question: Question, domain: Domain, rows: list[tuple[int, int, int]]
) -> Iterator[Estimate]:
    variable = question.variables[0]
    if not rows:
        for statistic, category, _ in _QUANTILES:
            yield absent(context, variable.name, domain, statistic, category, None, FEW)
        return
    people = np.array([float(row[2]) for row in rows])
    n = float(people.sum())
    place = Place(variable.name, (domain,), np.array([n]))
    names = tuple(_class_name(variable, low, high) for low, high, _ in rows)
    shares = share_figures(context.design, people[None], n, place.headcount[:, None])
    yield from estimates(context, place, "class_share", names, shares, Unit.SHARE)
    yield from _quantile_rows(context, variable, domain, _classes(variable, rows))


def mean_rows(context: Context, question: Question, joint: Joint) -> Iterator[Estimate]:
    """The mean of one typed number, or the reason why there is none."""
    if not joint.domains:
        return
    variable, domain, n = question.variables[0], joint.domains[0], int(joint.base[0])
    if not joint.counts.shape[1]:
        note = FEW if n < context.release.rules["min_base"] else ONE_LARGE
        yield absent(context, variable.name, domain, "mean", "", n, note)
        return
    step, start = 10.0**-variable.decimals, float(variable.origin or 0)
    row = joint.counts[0, 0].astype(float)
    powers = (start + row[1] * step, row[2] * step, row[3] * step**2, row[4] * step**3)
    scaled = Sums(row[0], *powers, lean=row[5])
    if not scaled.holds:
        note = SKEWED if n >= MEAN_NEEDS_N else f"weniger als {MEAN_NEEDS_N} Antworten"
        yield absent(context, variable.name, domain, "mean", "", n, note)
        return
    known = float(domain.headcount) if domain.headcount is not None else np.nan
    if isinstance(context.design, Census) and not overfull(context, domain, n):
        figures = Figures.of(number_mean(context.design, scaled, known)).row(0)
    else:
        figures = Figures.only([[scaled.mean]], "")
    place = Place(variable.name, (domain,), np.array([float(n)]))
    note = ""
    if isinstance(context.design, Census) and not overfull(context, domain, n) and n != known:
        note = "" if scaled.limited else FEW_FOR_LIMITS if n < LIMITS_NEED_N else LEANING
    for one in estimates(context, place, "mean", ("",), figures, Unit.SCORE, note):
        text = "" if one.value is None else _printed(variable, one.value)
        yield replace(one, printed=text)


def _quantile_rows(
    context: Context, variable: Variable, domain: Domain, classes: Classes
) -> Iterator[Estimate]:
    n, N = int(classes.n), domain.headcount
    for statistic, category, share in _QUANTILES:
        if isinstance(context.design, Census):
            known = float(N) if N is not None else np.nan
            figures = Figures.of(quantile_interval(context.design, classes, share, known))
        else:
            figures = Figures.only(grouped_quantile(classes, share))
        value = number(figures.value[0])
        if value is None:
            yield absent(context, variable.name, domain, statistic, category, n, IN_OPEN_CLASS)
            continue
        low = number(figures.low[0])
        yield Estimate(
            study=context.study, item=variable.name, domain_variable=domain.variable,
            domain=domain.code, statistic=statistic, category=category, value=value, low=low,
            high=number(figures.high[0]), level=None if low is None else LEVEL, base_n=n,
            base_N=N, n_eff=number(figures.n_eff[0]), method=str(figures.method[0]) or "grouped",
            status=Status.MERGED if domain.members else Status.PUBLISHED,
            note=why_no_interval(context.design, n, N, str(figures.method[0]), low),
            printed=_printed(variable, value),
        )  # fmt: skip


def _classes(variable: Variable, rows: list[tuple[int, int, int]]) -> Classes:
    step = 1.0 if is_date(variable.origin) else 10.0**-variable.decimals
    lower = np.array([_at(variable, low) for low, _, _ in rows])
    upper = np.array([_at(variable, high) for _, high, _ in rows])
    return Classes(lower, upper, np.array([float(people) for _, _, people in rows]), step)


def _at(variable: Variable, steps: int) -> float:
    """The answer that a number of steps stands for; infinite at an open end."""
    if abs(steps) >= OPEN:
        return float(np.copysign(np.inf, steps))
    if is_date(variable.origin):
        return float(steps)
    return float(variable.origin or 0) + steps * 10.0**-variable.decimals


def _printed(variable: Variable, value: float) -> str:
    if is_date(variable.origin):
        return _day(variable, int(value))
    text = typography.decimal(value, max(variable.decimals, 1))
    return f"{text}{typography.NO_BREAK}{variable.unit}" if variable.unit else text


def _day(variable: Variable, steps: int) -> str:
    found = date.fromisoformat(variable.origin) + timedelta(steps)
    return f"{found.day}.{found.month}.{found.year}"


def _class_name(variable: Variable, low: int, high: int) -> str:
    """A class as machines and people read it: "<10", "10..19", ">=20"; dates in ISO form."""

    def shown(steps: int) -> str:
        if is_date(variable.origin):
            return (date.fromisoformat(variable.origin) + timedelta(steps)).isoformat()
        return f"{_at(variable, steps):.{variable.decimals}f}"

    if low <= -OPEN:
        return "all" if high >= OPEN else f"<{shown(high)}"
    if high >= OPEN:
        return f">={shown(low)}"
    return shown(low) if high - low == 1 else f"{shown(low)}..{shown(high - 1)}"
