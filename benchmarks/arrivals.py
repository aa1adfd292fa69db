"""Who comes when, and whether a machine holds it: arrival curves against measured service times.

    python benchmarks/arrivals.py [--submission MS] [--requests N] [--syncs N] [--seed N] [--write]

Simulates minutes and hours of people who come after a mail or an evening broadcast, read page by
page and send. Every request waits for a free process, which is busy for as long as a request was
measured to cost; a ballot then waits for its turn to be written and synced, one after the other.
Without options the cost is the one in the table of docs/PERFORMANCE.md. ``--write`` puts what is
printed into docs/SCALE.md, as ``all.py --write`` does whenever it has measured anew.
"""

from __future__ import annotations

import argparse
import heapq
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DOCS = Path(__file__).parent.parent / "docs"
MEASURED, PAGE = DOCS / "PERFORMANCE.md", DOCS / "SCALE.md"
BEGIN, END = "<!-- simulated: begin -->", "<!-- simulated: end -->"
CORES = (2, 8, 32)
SYNCS = 230
"""Synced writes a second: the fewest that were seen on one busy virtual disk (most: 2,200)."""
PROXY = 0.16
"""CPU of nginx with TLS beside one of the program: 4.8 ms beside 31 ms of a submission."""
BALLOT = 2.1
"""What the request that sends the ballot costs beside the mean of all others: 4.1 and 1.9 ms."""
SPREAD = 0.3
"""Standard deviation of the logarithm of a request's cost around that."""
UP, DOWN = 30.0, 42.0
"""Kilobytes of a request and of its answer: 451 and 631 for the 15 of a submission."""
FIRST_VISIT = 46.0
"""Kilobytes that somebody loads who comes for the first time, start page and styles."""

Times = NDArray[np.float64]


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
"""Assumed, not measured; docs/SCALE.md says what stands behind them."""


@dataclass(frozen=True)
class Service:
    """What one machine needs: CPU milliseconds of a submission, its requests, writes a second."""

    submission: float
    requests: int
    syncs: int = SYNCS

    @property
    def request(self) -> float:
        """Mean CPU seconds of a request."""
        return self.submission / self.requests / 1000

    @property
    def page(self) -> float:
        """Mean CPU seconds of every request but the one that sends the ballot."""
        return self.submission / (self.requests - 1 + BALLOT) / 1000


@dataclass(frozen=True)
class Crowd:
    """All requests in order: when they come, and which of them send a ballot."""

    times: Times
    sends: NDArray[np.bool_]

    def busiest(self, *, ballots: bool) -> NDArray[np.bool_]:
        """The ballots of the minute with most of them, or all other requests of the busiest one."""
        minutes = (self.times // 60).astype(int)
        counted = minutes[self.sends] if ballots else minutes
        found: NDArray[np.bool_] = minutes == np.bincount(counted).argmax()
        return found & (self.sends if ballots else ~self.sends)


@dataclass(frozen=True)
class Outcome:
    """How the busiest minute goes: share of the cores in use, seconds until pages and ballots."""

    used: float
    median: float
    slow: float
    ballot: float


def measured(page: str | None = None) -> Service:
    """The cost of a submission as the table of docs/PERFORMANCE.md has it.

    >>> measured("measured: begin | complete submission, 12 pages, 15 requests | 26.8 ms | …")
    Service(submission=26.8, requests=15, syncs=230)
    """
    text = MEASURED.read_text("utf-8") if page is None else page
    _, _, table = text.partition("measured: begin")
    found = re.search(r"complete submission, \d+ pages, (\d+) requests \| ([\d.]+) ms \|", table)
    if found is None:
        raise SystemExit(f"{MEASURED} has no row of a complete submission: run all.py --write")
    return Service(float(found[2]), int(found[1]))


def crowd(curve: Curve, requests: int, rng: np.random.Generator) -> Crowd:
    """Everybody asks for the start page; who sends has turned all pages, others up to three.

    >>> found = crowd(Curve("small", 100, 60.0, 1.0, 0.1), 15, np.random.default_rng(1))
    >>> len(found.times), int(found.sends.sum())
    (1500, 100)
    """
    early = rng.random(curve.people) < curve.front
    share = curve.seconds / 10
    came = np.where(
        early,
        rng.random(curve.people) * share,
        share + rng.random(curve.people) * (curve.seconds - share),
    )
    pages = requests - 1
    finishes = rng.random(curve.people) < curve.finish
    turned = np.where(finishes, pages, rng.integers(0, 4, curve.people))
    waits = rng.exponential(curve.think, (curve.people, pages)).cumsum(axis=1)
    asked = np.arange(pages) < turned[:, None]
    last = np.zeros((curve.people, pages), dtype=bool)
    last[:, -1] = finishes
    times = np.concatenate([came, (came[:, None] + waits)[asked]])
    sends = np.concatenate([np.zeros(curve.people, dtype=bool), last[asked]])
    order = np.argsort(times, kind="stable")
    return Crowd(times[order], sends[order])


def answered(times: Times, costs: Times, processes: int) -> Times:
    """When each request is done: first come, first served, by whichever process is free first.

    ``times`` are in order; all in seconds.

    >>> answered(np.array([0.0, 0.0, 1.0]), np.array([3.0, 1.0, 1.0]), 2).tolist()
    [3.0, 1.0, 2.0]
    """
    if processes == 1:
        # Lindley's recursion: done[n] = max(done[n-1], time[n]) + cost[n].
        worked = np.cumsum(costs)
        done: Times = worked + np.maximum.accumulate(times - worked + costs)
        return done
    free = [0.0] * processes
    ends = []
    for time, cost in zip(times.tolist(), costs.tolist(), strict=True):
        end = max(heapq.heappop(free), time) + cost
        heapq.heappush(free, end)
        ends.append(end)
    return np.array(ends)


def serving(cores: int) -> float:
    """Cores that are left to the program beside nginx.

    >>> [round(serving(cores), 1) for cores in CORES]
    [1.7, 6.9, 27.6]
    """
    return cores / (1 + PROXY)


def served(people: Crowd, cores: int, service: Service, rng: np.random.Generator) -> Outcome:
    """How a machine with so many cores gets through the busiest minute of these people."""
    left = serving(cores)
    processes = max(round(left), 1)
    pages, ballots = people.busiest(ballots=False), people.busiest(ballots=True)
    until = int(np.flatnonzero(pages | ballots)[-1]) + 1
    times, sends = people.times[:until], people.sends[:until]
    noise = rng.lognormal(-(SPREAD**2) / 2, SPREAD, until)
    # Processes are whole: each is a little slower or quicker than a core of its own.
    costs = service.page * np.where(sends, BALLOT, 1.0) * noise * processes / left
    done = answered(times, costs, processes)
    order = np.argsort(done[sends], kind="stable")
    reached = done[sends][order]
    synced = np.empty_like(reached)
    synced[order] = answered(reached, np.full(len(reached), 1 / service.syncs), 1)
    done[sends] = synced
    taken = done - times
    minute = times // 60 == times[pages[:until]][0] // 60
    return Outcome(
        used=float(costs[minute].sum()) / 60 / processes,
        median=float(np.median(taken[pages[:until]])),
        slow=float(np.quantile(taken[pages[:until]], 0.99)),
        ballot=float(np.quantile(taken[ballots[:until]], 0.99)),
    )


def come(crowds: dict[str, Crowd], service: Service) -> Iterator[str]:
    """The table of what each curve asks for in its busiest minute, of pages and of ballots."""
    yield "| in the busiest minute | requests/s | ballots/s | Mbit/s out, in | writer busy |"
    yield "|---|---|---|---|---|"
    for name, people in crowds.items():
        minutes = np.bincount((people.times // 60).astype(int))
        rate = float(minutes.max()) / 60
        ballots = float(people.busiest(ballots=True).sum()) / 60
        out, into = (rate * size * 8 / 1000 for size in (DOWN, UP))
        yield (
            f"| {name} | {rate:,.0f} | {ballots:.1f} | {out:,.0f}, {into:,.0f} "
            f"| {ballots / service.syncs:.0%} |"
        )


def waited(crowds: dict[str, Crowd], service: Service, seed: int) -> Iterator[str]:
    """The table of how each machine gets through each curve."""
    yield "| people | cores | cores used | page, median ms | page, 99 % ms | ballot, 99 % ms |"
    yield "|---|---|---|---|---|---|"
    for name, people in crowds.items():
        rng = np.random.default_rng(seed)
        for cores in CORES:
            one = served(people, cores, service, rng)
            numbers = (one.median * 1000, one.slow * 1000, one.ballot * 1000)
            shown = " | ".join(f"{number:,.0f}" for number in numbers)
            yield f"| {name} | {cores} | {one.used:.0%} | {shown} |"


def held(service: Service) -> Iterator[str]:
    """The table of what a machine holds at most."""
    yield "| cores | left to the program | requests/s | submissions/s | half of it |"
    yield "|---|---|---|---|---|"
    for cores in CORES:
        rate = serving(cores) / service.request
        ballots = rate / service.requests
        shown = f"{rate:,.0f} | {ballots:,.0f} | {ballots / 2:,.0f}"
        yield f"| {cores} | {serving(cores):.1f} | {shown} |"


def tables(service: Service, seed: int = 1) -> str:
    """What is printed and stands in docs/SCALE.md, in Markdown."""
    rng = np.random.default_rng(seed)
    crowds = {curve.name: crowd(curve, service.requests, rng) for curve in CURVES}
    first = CURVES[1].people * FIRST_VISIT * 8 / 1e6
    head = (
        f"A submission of {service.requests} requests takes {service.submission:g} ms CPU, so a "
        f"request {service.request * 1000:.2f} ms; the disk syncs {service.syncs} writes a second; "
        f"seed {seed}."
    )
    line = (
        f"{CURVES[1].people:,} people on one line of 1 Gbit/s get the {FIRST_VISIT:.0f} KB of a "
        f"first visit within {first:.0f} seconds at best."
    )
    parts = (come(crowds, service), waited(crowds, service, seed), held(service))
    return "\n\n".join([head, *("\n".join(part) for part in parts), line]) + "\n"


def write(text: str) -> None:
    """Put the tables between the marks of docs/SCALE.md, written aside and renamed."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    aside = PAGE.with_suffix(".new")
    aside.write_text(f"{before}{BEGIN}\n{text}{END}{after}", "utf-8")
    aside.replace(PAGE)


def main() -> None:
    """Print the tables, and write them if that is asked."""
    said = argparse.ArgumentParser(description="Arrival curves against measured service times.")
    said.add_argument("--submission", type=float, help="CPU milliseconds of a whole submission")
    said.add_argument("--requests", type=int, help="requests of a whole submission")
    said.add_argument("--syncs", type=int, default=SYNCS, help="synced writes a second")
    said.add_argument("--seed", type=int, default=1)
    said.add_argument("--write", action="store_true", help="renew docs/SCALE.md")
    asked = said.parse_args()
    table = measured()
    service = Service(
        asked.submission or table.submission, asked.requests or table.requests, asked.syncs
    )
    text = tables(service, asked.seed)
    print(text, end="")
    if asked.write:
        write(text)


if __name__ == "__main__":
    main()
