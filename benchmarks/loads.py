"""What happens under load: the design load, 500 people at once, three times what is possible.

    python benchmarks/loads.py [--long]

Starts gunicorn with the shipped settings (two workers, SQLite, every ballot synced) behind nginx
with the shipped site (without encryption) and sends people through the study of 12 pages
(``answering_people.py``). Processes of their own do this; their share of the cores is printed
beside, for on two cores they take it from the server. At the end the ballots in the urn must be as
many as the people who were thanked. ``--long`` keeps the design load up for ten minutes.
"""

from __future__ import annotations

import math
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import long_study
import served_speed
from answering_people import Plan, Tally, send, share
from served import ROOT, Served, serving

# Both, because the tests have a folder that is called like the program.
sys.path += [str(ROOT), str(ROOT / "tests")]
from servers import several

from survey import links
from survey.attack.installation import COUNTS
from survey.home import Home

DESIGN, VISITS = 25.0, 25.0
"""A second: people who answer all, in 15 requests each, and people who look at the start page."""
CROWD, FEW, TIMES = 500, 8, 3.0
THINK = 0.5
"""Seconds from one page to the next; less than a person needs, so that rates are soon steady."""
SECONDS, LONG, CAPACITY, RAMP = 60.0, 600.0, 15.0, 3.0
MOST = 250
"""Completions a second for which there are codes."""
PROCESSES = 2


@dataclass(frozen=True)
class Loaded:
    """What a load did; CPU in seconds, memory the largest that was seen."""

    name: str
    tally: Tally
    seconds: float
    """Over which rates are counted."""
    elapsed: float
    cpu: float
    busy: float
    """CPU seconds of the whole machine."""
    megabytes: float
    ballots: int

    @property
    def completions(self) -> float:
        """Completed submissions a second."""
        return self.tally.steady / self.seconds

    @property
    def requests(self) -> float:
        """Requests a second that were answered with the page that was asked for."""
        return (self.tally.posts.total() + self.tally.gets.total()) / self.seconds

    @property
    def errors(self) -> int:
        """Answers that are neither the page that was asked for nor "please wait"."""
        return self.tally.errors.total()

    @property
    def kept(self) -> bool:
        """Whether the ballots are exactly those that somebody was thanked for."""
        return self.ballots == self.tally.thanked

    @property
    def rates(self) -> str:
        """Completions and requests a second."""
        return f"{self.completions:.1f} completions/s, {self.requests:.0f} requests/s"

    @property
    def times(self) -> str:
        """How long a form took to be answered with the next page."""
        parts = "/".join(f"{share(self.tally.posts, part):.0f}" for part in (0.5, 0.95, 0.99, 1))
        return f"POST p50/p95/p99/max {parts} ms"

    @property
    def judged(self) -> str:
        """Errors, and whether the ballots are exactly those that somebody was thanked for."""
        kinds = ", ".join(f"{kind}: {number}" for kind, number in self.tally.errors.items())
        kept = "as many ballots as thanks" if self.kept else "BALLOTS AND THANKS DIFFER"
        errors = f"{self.errors} errors{f' ({kinds})' if kinds else ''}"
        return f"{errors}, {self.tally.asked_again} times 'please wait', {kept}"

    def lines(self) -> Iterator[str]:
        """What to print."""
        one, cores = self.tally, os.cpu_count() or 1
        spent = self.cpu / max(one.thanked, 1) * 1000
        servers, people = self.cpu / self.elapsed, one.cpu / self.elapsed
        others = max(self.busy / self.elapsed - servers - people, 0.0)
        yield f"{self.name}: {self.rates}"
        yield f"  {self.judged}"
        yield f"  {one.thanked} thanked, {self.ballots} ballots, {one.left} left when told to wait"
        yield f"  {self.times}; GET p99 {share(one.gets, 0.99):.0f} ms"
        yield f"  servers {spent:.1f} ms CPU a completion, {self.megabytes:.0f} MB with nginx"
        yield f"  cores: servers {servers:.2f}, people {people:.2f}, other work {others:.2f}"
        if servers + people + others > 0.9 * cores and people + others > 0.25 * cores:
            yield f"  all {cores} cores were busy, and not with serving alone: times are upper ends"


class Site:
    """A home with an open study and its servers."""

    def __init__(self, home: Home, codes: list[str], servers: list[Served], port: int) -> None:
        """Nobody has come yet."""
        self._home, self._codes, self._servers, self._port = home, codes, servers, port
        self._used = 0

    def _ballots(self) -> int:
        with links.reading(self._home) as link:
            return link.number(COUNTS["ballots"], {"id": long_study.STUDY})

    def load(
        self,
        name: str,
        seconds: float,
        *,
        rate: float = 0.0,
        visits: float = 0.0,
        together: int = 0,
    ) -> Loaded:
        """Let people come at a rate, or so many together; return when all have gone."""
        ramp = (long_study.PAGES + 3) * THINK if rate else RAMP
        due = (ramp + seconds) * (rate + visits if rate else MOST)
        people = math.ceil(due + 10 * math.sqrt(due)) + together
        start = time.monotonic() + 2.0
        chance = random.Random(7)
        plans = []
        for _ in range(PROCESSES):
            drawn = people // PROCESSES
            codes = self._codes[self._used : self._used + drawn]
            arrivals = _times(chance, rate / PROCESSES, ramp + seconds)
            looks = _times(chance, visits / PROCESSES, ramp + seconds)
            plan = Plan(
                self._port, codes, self._used, start, ramp, seconds,
                think=THINK if rate else 0.0, arrivals=arrivals, visits=looks,
                together=together // PROCESSES,
            )  # fmt: skip
            plans.append(plan)
            self._used += drawn
        return self._sent(name, plans)

    def _sent(self, name: str, plans: list[Plan]) -> Loaded:
        tally, most, before = Tally(), 0.0, self._ballots()
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            running = [pool.submit(send, plan) for plan in plans]
            cpu, busy = sum(server.cpu for server in self._servers), _busy()
            while wait(running, timeout=2.0).not_done:
                most = max(most, sum(server.megabytes for server in self._servers))
            for one in running:
                tally.add(one.result())
        cpu, busy = sum(server.cpu for server in self._servers) - cpu, _busy() - busy
        elapsed = time.monotonic() - plans[0].start
        ballots = self._ballots() - before
        return Loaded(name, tally, plans[0].seconds, elapsed, cpu, busy, most, ballots)


def _busy() -> float:
    """CPU seconds in which the machine was not idle, since it started."""
    numbers = [int(part) for part in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return (sum(numbers) - numbers[3] - numbers[4]) / os.sysconf("SC_CLK_TCK")


def _times(chance: random.Random, rate: float, seconds: float) -> list[float]:
    """When people come who do not know of each other: a Poisson process."""
    times, at = [], 0.0
    while rate and (at := at + chance.expovariate(rate)) < seconds:
        times.append(at)
    return times


@contextmanager
def site(people: int) -> Iterator[Site]:
    """The shipped servers with an open study and so many codes."""
    with tempfile.TemporaryDirectory() as name:
        folder, home = Path(name), Home(Path(name) / "home")
        codes = served_speed.prepare(home, people)
        with (
            serving("wsgi:survey_app", folder, home.path) as program,
            several(folder / "nginx", [program.port]) as port,
        ):
            front = Served(int((folder / "nginx" / "pid").read_text()), port)
            yield Site(home, codes, [program, front], port)


def measure(*, long: bool = False, show: Callable[[Loaded], None] = lambda _: None) -> list[Loaded]:
    """All loads in turn."""
    seconds = LONG if long else SECONDS
    people = math.ceil(1.2 * ((DESIGN + VISITS) * seconds + 6 * MOST * SECONDS))
    found: list[Loaded] = []

    def noted(one: Loaded) -> Loaded:
        show(one)
        found.append(one)
        return one

    with site(people) as one:
        noted(one.load(f"design load, {seconds:.0f} s", seconds, rate=DESIGN, visits=VISITS))
        noted(one.load(f"{CROWD} people at once, page after page", SECONDS, together=CROWD))
        most = noted(one.load("as much as is possible", CAPACITY, together=FEW)).completions
        noted(one.load("three times what is possible", SECONDS, rate=TIMES * most))
    return found


def main(words: list[str]) -> None:
    """Print every load as soon as it has passed."""
    if unknown := set(words) - {"--long"}:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; --long is known")
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"load of the machine before: {load}", flush=True)
    found = measure(
        long="--long" in words, show=lambda one: print(*one.lines(), sep="\n", flush=True)
    )
    if not all(one.kept for one in found):
        raise SystemExit("ballots and thanks are not the same")


if __name__ == "__main__":
    main(sys.argv[1:])
