"""The page on scale says what its simulation says, and the simulation knows what queues do."""

from __future__ import annotations

import math
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

ROOT = Path(__file__).parent.parent
STALE = "run `python benchmarks/arrivals.py --write`"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@pytest.fixture(scope="module")
def arrivals() -> SimpleNamespace:
    return SimpleNamespace(**runpy.run_path(str(ROOT / "benchmarks" / "arrivals.py")))


def simulated(arrivals: SimpleNamespace) -> str:
    page = (ROOT / "docs" / "SCALE.md").read_text("utf-8")
    found = page.partition(f"{arrivals.BEGIN}\n")[2].partition(arrivals.END)[0]
    assert found, "docs/SCALE.md has lost the marks of its tables"
    return found


def numbers(text: str) -> list[float]:
    return [float(found.replace(",", "")) for found in NUMBER.findall(text)]


def test_the_page_on_scale_shows_what_the_simulation_prints(arrivals: SimpleNamespace) -> None:
    page = simulated(arrivals)
    cost = re.search(r"of (\d+) requests takes ([\d.]+) ms .* syncs (\d+) .* seed (\d+)", page)
    assert cost, STALE
    service = arrivals.Service(float(cost[2]), int(cost[1]), int(cost[3]))
    now = arrivals.tables(service, int(cost[4]))
    assert NUMBER.sub("#", page) == NUMBER.sub("#", now), STALE
    # Another version of numpy may draw other people from the same seed.
    assert numbers(page) == pytest.approx(numbers(now), rel=0.1, abs=1.5), STALE


def test_the_page_on_scale_takes_its_cost_from_the_measured_table(
    arrivals: SimpleNamespace,
) -> None:
    measured = arrivals.measured()
    head = simulated(arrivals).splitlines()[0]
    said = f"A submission of {measured.requests} requests takes {measured.submission:g} ms CPU"
    assert head.startswith(said), STALE


def mean_wait(arrivals: SimpleNamespace, load: float, processes: int, *, fixed: bool) -> float:
    """Simulated mean seconds before service, for services of one second on average."""
    rng, people = np.random.default_rng(4), 400_000
    times = rng.exponential(1 / (load * processes), people).cumsum()
    costs = np.ones(people) if fixed else rng.exponential(1.0, people)
    return float((arrivals.answered(times, costs, processes) - times - costs).mean())


@pytest.mark.parametrize(("processes", "load"), [(1, 0.7), (2, 0.8), (7, 0.8)])
def test_people_wait_as_long_as_erlang_says(
    arrivals: SimpleNamespace, processes: int, load: float
) -> None:
    offered = load * processes
    last = offered**processes / math.factorial(processes) / (1 - load)
    all_busy = last / (sum(offered**n / math.factorial(n) for n in range(processes)) + last)
    exact = all_busy / (processes * (1 - load))
    found = mean_wait(arrivals, load, processes, fixed=False)
    assert found == pytest.approx(exact, rel=0.08)


def test_ballots_wait_for_the_disk_as_long_as_pollaczek_and_khinchine_say(
    arrivals: SimpleNamespace,
) -> None:
    found = mean_wait(arrivals, 0.8, 1, fixed=True)
    assert found == pytest.approx(0.8 / (2 * (1 - 0.8)), rel=0.03)


def test_a_machine_that_gets_more_than_it_holds_lets_people_wait(
    arrivals: SimpleNamespace,
) -> None:
    curve = arrivals.Curve("all at once", 22_000, 60.0, 1.0, 0.2, think=3.0)
    people = arrivals.crowd(curve, 15, np.random.default_rng(1))
    service = arrivals.Service(30.0, 15)
    two, many = (
        arrivals.served(people, cores, service, np.random.default_rng(1)) for cores in (2, 32)
    )
    assert two.slow > 10 > many.slow
