"""What may be said of a lead where whoever wanted took part: a stated margin, no inference.

Nothing here speaks of anybody who did not take part. The margin is a rule made known before, and
the number of ballots that would erase a lead says how easily it could have come out otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import ArrayLike

from reports.errors import EstimateError
from reports.estimators.design import OptIn

MARGIN = 0.03
"""By how much an option must lead, as a share of the ballots."""

LEAD_NEEDS_N = 100
"""Fewest ballots for a lead to be stated."""


@dataclass(frozen=True, slots=True)
class Lead:
    """The lead of the most chosen option over the next.

    ``first`` holds the places of all options with the most ballots (several if tied), ``lead`` is
    a share of the ballots, ``erased_by`` the number of further ballots for the next option alone
    that would make both equal. ``stated`` says whether the margin is reached, ``reason`` why not.
    """

    first: tuple[int, ...]
    lead: float | None
    erased_by: int | None
    stated: bool
    reason: str = ""


def stated_lead(
    design: OptIn, counts: ArrayLike, n: int, margin: float = MARGIN, needs: int = LEAD_NEEDS_N
) -> Lead:
    """Whether one option leads by the stated margin among ``n`` ballots.

    ``counts`` (options,) ballots for each option, ``n`` valid ballots (not the sum where several
    may be chosen). Only for opt-in studies: a census attempt has possible places instead. The
    margin may only be raised above 3 points and 100 ballots. Own rule, stated with every result;
    no probability is meant.

    >>> from survey.study import Regime
    >>> lead = stated_lead(OptIn(Regime.OPEN_PARTICIPATION), [520, 450, 130], 1100)
    >>> round(lead.lead, 4), lead.erased_by, lead.stated
    (0.0636, 70, True)
    >>> stated_lead(OptIn(Regime.OPEN_PARTICIPATION), [50, 50], 100).stated
    False
    """
    if not isinstance(design, OptIn):
        raise EstimateError("a stated margin is for studies without inference")
    if margin < MARGIN or needs < LEAD_NEEDS_N:
        raise EstimateError(f"the margin is at least {MARGIN} and needs {LEAD_NEEDS_N} ballots")
    k = np.asarray(counts, dtype=np.int64)
    if n <= 0 or k.size == 0:
        return Lead((), None, None, False, "keine Antworten")
    most = int(k.max())
    first = tuple(int(place) for place in np.flatnonzero(k == most))
    if k.size < 2:
        return Lead(first, None, None, False, "nur eine Möglichkeit")
    second = most if len(first) > 1 else int(np.sort(k)[-2])
    lead, reason = (most - second) / n, ""
    if n < needs:
        reason = f"weniger als {needs} Stimmzettel"
    elif len(first) > 1:
        reason = "gleich viele Stimmzettel für mehrere Möglichkeiten"
    elif lead < margin - 1e-12:
        reason = f"Vorsprung unter {margin * 100:g} Punkten"
    return Lead(first, lead, most - second, not reason, reason)


def stated_lead_of_rates(
    design: OptIn, agreeing: ArrayLike, valid: ArrayLike, margin: float = MARGIN
) -> Lead:
    """Whether one of several options that are judged one by one leads by the stated margin.

    ``agreeing`` and ``valid`` (options,): ballots that agree, and ballots with a valid judgement,
    which need not be the same for every option. ``erased_by`` is the smallest number k of further
    ballots that agree with the next option alone for which (x + k) / (n + k) reaches the first
    share. Every option needs 100 ballots. Own rule, as in :func:`stated_lead`.

    >>> from survey.study import Regime
    >>> lead = stated_lead_of_rates(OptIn(Regime.OPEN_PARTICIPATION), [60, 50], [100, 100])
    >>> round(lead.lead, 2), lead.erased_by, lead.stated
    (0.1, 25, True)
    """
    if not isinstance(design, OptIn):
        raise EstimateError("a stated margin is for studies without inference")
    if margin < MARGIN:
        raise EstimateError(f"the margin is at least {MARGIN}")
    x, n = np.asarray(agreeing, dtype=np.int64), np.asarray(valid, dtype=np.int64)
    if x.size < 2 or bool((n <= 0).any()):
        return Lead((), None, None, False, "keine Antworten oder nur eine Möglichkeit")
    rate = x / n
    order = np.argsort(-rate, kind="stable")
    top, second = int(order[0]), int(order[1])
    first = tuple(int(place) for place in np.flatnonzero(rate >= rate[top] - 1e-12))
    lead, missing = float(rate[top] - rate[second]), float(rate[top] * n[second] - x[second])
    more = ceil(missing / (1 - rate[top]) - 1e-9) if rate[top] < 1 else None
    reason = ""
    if int(n.min()) < LEAD_NEEDS_N:
        reason = f"weniger als {LEAD_NEEDS_N} Stimmzettel"
    elif len(first) > 1:
        reason = "gleiche Anteile für mehrere Möglichkeiten"
    elif lead < margin - 1e-12:
        reason = f"Vorsprung unter {margin * 100:g} Punkten"
    return Lead(first, lead, more, not reason, reason)
