"""Who comes when, and whether a machine holds it: arrival curves against measured service times.

    python benchmarks/arrivals.py [MILLISECONDS_A_REQUEST] [SEED]

Simulates minutes and hours of people who come after a mail or an evening broadcast, read page by
page and send. Every request waits for a free process, which is busy for as long as a request was
measured to cost (``served_speed.py``; without an argument it is measured now). Prints for 2, 8 and
32 cores the rate of requests in the busiest minute, the share of the cores that is used then, and
how long a request takes, waiting included (median, 99 %). One core, or a tenth of more than ten, is
left to nginx and the database; two cores serve as 1.8. A simulation says what a queue does, not
what a disk does.
"""

from __future__ import annotations

import heapq
import sys
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PAGES = 13
"""Requests of one complete submission after the start page."""
CORES = (2, 8, 32)
SPREAD = 0.5
"""Standard deviation of the logarithm of a request's cost: the last costs more than the first."""


@dataclass(frozen=True)
class Curve:
    """People who come: how many within how many seconds, and how many of them send.

    ``front`` is the share that comes in the first tenth of the time.
    """

    name: str
    people: int
    seconds: float
    finish: float
    front: float
    think: float = 30.0
    """Mean seconds between two pages; few who answer are quicker than this."""


CURVES = (
    Curve("22,000 staff, 12 % open the mail within 10 min", 2_640, 600, 0.6, 0.2),
    Curve("22,000 staff, all open it within 5 min", 22_000, 300, 0.3, 0.2),
    Curve("a million residents, 30,000 come in an hour", 30_000, 3600, 0.3, 0.25),
    Curve("a million residents, 100,000 come in an hour", 100_000, 3600, 0.25, 0.25),
)
"""Assumed, not measured: nobody has published minutes of such a survey."""


@dataclass(frozen=True)
class Outcome:
    """What a machine did: requests a second in the busiest minute, and seconds of answers."""

    peak: float
    used: float
    median: float
    slow: float


def requests(curve: Curve, rng: np.random.Generator) -> NDArray[np.float64]:
    """The times of all requests, in order.

    Everybody asks for the start page. Who finishes turns all pages, the others one to four.

    >>> curve = Curve("small", 100, 60.0, 1.0, 0.1)
    >>> len(requests(curve, np.random.default_rng(1)))
    1400
    """
    early = rng.random(curve.people) < curve.front
    share = curve.seconds / 10
    came = np.where(
        early,
        rng.random(curve.people) * share,
        share + rng.random(curve.people) * (curve.seconds - share),
    )
    finishes = rng.random(curve.people) < curve.finish
    turned = np.where(finishes, PAGES, rng.integers(0, 4, curve.people))
    waits = rng.exponential(curve.think, (curve.people, PAGES)).cumsum(axis=1)
    times = (came[:, None] + waits)[np.arange(PAGES) < turned[:, None]]
    return np.sort(np.concatenate([came, times]))


def served(
    times: NDArray[np.float64], cores: int, cost: float, rng: np.random.Generator
) -> Outcome:
    """What a machine with so many cores does with these requests of ``cost`` seconds each."""
    left = cores - max(1.0, cores / 10) if cores > 2 else 1.8
    processes = max(round(left), 1)
    # Two cores serve with two processes that are a little slower, because nginx takes its share.
    slower = processes / left
    mean = np.exp(SPREAD**2 / 2)
    costs = rng.lognormal(0.0, SPREAD, len(times)) / mean * cost * slower
    free = [0.0] * processes
    taken = np.empty(len(times))
    for number, (time, busy) in enumerate(zip(times, costs, strict=True)):
        begins = max(heapq.heappop(free), time)
        heapq.heappush(free, begins + busy)
        taken[number] = begins + busy - time
    minutes = np.bincount((times // 60).astype(int))
    peak = float(minutes.max()) / 60
    used = peak * cost / left
    return Outcome(peak, used, float(np.median(taken)), float(np.quantile(taken, 0.99)))


def lines(cost: float, seed: int = 1) -> list[str]:
    """One line per curve and machine, for requests of ``cost`` seconds."""
    found = []
    for curve in CURVES:
        rng = np.random.default_rng(seed)
        times = requests(curve, rng)
        for cores in CORES:
            one = served(times, cores, cost, rng)
            found.append(
                f"| {curve.name} | {cores} | {one.peak:,.0f} | {one.used:.0%} "
                f"| {one.median * 1000:,.0f} | {one.slow * 1000:,.0f} |"
            )
    return found


def main(milliseconds: float = 0.0, seed: int = 1) -> None:
    """Print the table."""
    if not milliseconds:
        from served_speed import measure

        found = measure(3)
        milliseconds = found.submission / found.requests
    print(f"{milliseconds:.2f} ms a request")
    print(
        "| people | cores | requests/s in the busiest minute | cores used | median ms | 99 % ms |"
    )
    print("|---|---|---|---|---|---|")
    print(*lines(milliseconds / 1000, seed), sep="\n")


if __name__ == "__main__":
    main(*(kind(word) for kind, word in zip((float, int), sys.argv[1:], strict=False)))
