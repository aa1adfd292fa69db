"""Who answered, and what those who did not could change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from reports.estimators.design import Floats, divide, floats


def response_rate(ballots: ArrayLike, N: ArrayLike) -> Floats:
    """Ballots divided by the people asked; nan where N is unknown (nan) or 0.

    Everybody asked is eligible and no partial ballot is stored, so this is AAPOR 2023, RR1 =
    RR5.

    >>> response_rate([5430, 10], [22000, float("nan")]).round(4).tolist()
    [0.2468, nan]
    """
    return divide(ballots, N)


def worst_case(x: ArrayLike, n: ArrayLike, N: ArrayLike) -> tuple[Floats, Floats]:
    """The share of all N people if nobody, or everybody, without an answer shares the view.

    ``x`` of ``n`` answers; no assumption on non-response at all. Bounds are x/N and
    (x + N - n)/N; nan where N is unknown or smaller than n. Source: Manski 1989.

    >>> [bound.tolist() for bound in worst_case(300, 500, 2000)]
    [[0.15], [0.9]]
    """
    x_, n_, N_ = floats(x, n, N)
    room = N_ - n_
    low = divide(x_, N_)
    high = divide(x_ + room, N_)
    low[~(room >= 0)], high[~(room >= 0)] = float("nan"), float("nan")
    return low, high


def tipping_point(first: ArrayLike, second: ArrayLike, n: ArrayLike, N: ArrayLike) -> Floats:
    """By how much the second would have to lead among non-respondents to draw level.

    ``first`` and ``second`` are counts of n answers, N people were asked; the result is the
    lead as a share of the N - n others: above 1 no answer of theirs could change the order. nan
    where everybody answered or N is unknown. Source: the worst-case bounds of Manski 1989,
    solved for equality.

    >>> tipping_point(2600, 2400, 5000, 20000).round(4).tolist()
    [0.0133]
    """
    first_, second_, n_, N_ = floats(first, second, n, N)
    return divide(first_ - second_, N_ - n_)


@dataclass(frozen=True, slots=True)
class Dispositions:
    """What became of everybody asked, in AAPOR's terms; unit: people.

    ``unknown`` are those of whom it is not known whether they belong to the population,
    ``eligible_share`` the estimated share of them that does (e).
    """

    complete: int
    partial: int = 0
    refusal: int = 0
    noncontact: int = 0
    other: int = 0
    unknown: int = 0
    eligible_share: float = 1.0


def aapor_rates(found: Dispositions) -> dict[str, float | None]:
    """Response rates 1 to 6, cooperation rate 1, refusal rate 1 and contact rate 1.

    None where nobody was eligible. Where everybody asked belongs to the population, RR1 = RR3 =
    RR5; where nobody broke off, each odd rate equals the even one after it. Source: AAPOR 2023,
    Standard Definitions, 10th edition.

    >>> rates = aapor_rates(Dispositions(400, 50, 150, 200, 0, 200, 0.5))
    >>> [round(rates[name], 4) for name in ("RR1", "RR2", "RR3", "RR4", "RR5", "RR6", "COOP1")]
    [0.4, 0.45, 0.4444, 0.5, 0.5, 0.5625, 0.6667]
    """
    f = found
    met = f.complete + f.partial + f.refusal + f.other
    known = met + f.noncontact
    some = f.complete + f.partial
    bases = {"1": known + f.unknown, "3": known + f.eligible_share * f.unknown, "5": known}
    rates: dict[str, float | None] = {}
    for odd, base in bases.items():
        rates[f"RR{odd}"] = f.complete / base if base else None
        rates[f"RR{int(odd) + 1}"] = some / base if base else None
    everybody = bases["1"]
    rates["COOP1"] = f.complete / met if met else None
    rates["REF1"] = f.refusal / everybody if everybody else None
    rates["CON1"] = met / everybody if everybody else None
    return rates


def majority_tipping(x: ArrayLike, n: ArrayLike, N: ArrayLike) -> Floats:
    """Share among those without an answer at which exactly half of all N people would agree.

    ``x`` of ``n`` answers agree. Below 0 or above 1 no answer of theirs could move the majority
    to the other side; nan where everybody answered, N is unknown or N < n. Source: the worst-case
    bounds of Manski 1989, solved for one half.

    >>> majority_tipping([3500, 5200], 5430, [22000, 10600]).round(4).tolist()
    [0.4526, 0.0193]
    """
    x_, n_, N_ = floats(x, n, N)
    out: Floats = divide(N_ / 2 - x_, N_ - n_)
    return out


def disturbed(with_all: ArrayLike, without: ArrayLike) -> Floats:
    """Shares among the ballots that remain when some are left out, minus shares among all.

    ``with_all`` and ``without`` (items, categories) are counts; nan where nothing remains. A
    check of robustness, not a correction: nobody knows which of the ballots left out were meant.

    >>> disturbed([[50, 50]], [[50, 30]]).round(3).tolist()
    [[0.125, -0.125]]
    """
    one, other = (np.asarray(k, dtype=np.float64) for k in (with_all, without))
    rest = divide(other, other.sum(axis=1, keepdims=True))
    out: Floats = rest - divide(one, one.sum(axis=1, keepdims=True))
    return out
