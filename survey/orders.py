"""Balanced shown orders: at most eight per list, so that an order is no fingerprint."""

from __future__ import annotations

from functools import cache


@cache
def balanced_orders(length: int) -> tuple[tuple[int, ...], ...]:
    """At most eight orders of ``length`` entries, each a tuple of places in the author's list.

    Rows of a Williams square: in a full square every entry stands equally often at every place
    and follows every other equally often. Up to eight entries the square is complete (for an
    odd length its mirrored half is left out, so that only the places are balanced); longer
    lists use eight rows spread evenly over the square.

    Source: Williams, E. J. (1949), Experimental designs balanced for the estimation of
    residual effects of treatments. Australian Journal of Scientific Research A 2, 149-168.

    >>> balanced_orders(4)
    ((0, 1, 3, 2), (1, 2, 0, 3), (2, 3, 1, 0), (3, 0, 2, 1))
    """
    if length < 2:
        return (tuple(range(length)),)
    first = [0]
    low, high = 1, length - 1
    while low <= high:
        first.append(low)
        if low != high:
            first.append(high)
        low, high = low + 1, high - 1
    starts = range(length) if length <= 8 else [round(i * length / 8) for i in range(8)]
    return tuple(tuple((place + start) % length for place in first) for start in starts)
