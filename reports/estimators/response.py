"""Who answered, and what those who did not could change."""

from __future__ import annotations

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
