"""Plackett-Luce worths with standard errors against choix, on the same rankings in one run.

    pip install choix==0.4.1        # 2024, used by nothing but this benchmark
    python benchmarks/plackett_luce_speed.py [RANKINGS [ELEMENTS]]

Prints the seconds from the matrix of places to worths and covariance, those of choix'
``ilsr_rankings`` (worths alone) on the same rankings as lists, and their ratio; the goal for
100,000 rankings of 8 elements is at least 20. Without choix only our own seconds are printed.
"""

from __future__ import annotations

import statistics
import sys
import time

import numpy as np

from reports.estimators.plackett_luce import Fit, plackett_luce
from reports.preferences import choice_sets, duels

ROUNDS = 3


def rankings(n: int, m: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Places (m, n) drawn from a Plackett-Luce model, with a fixed seed."""
    rng = np.random.default_rng(20270521)
    drawn = np.linspace(1, 0, m)[:, None] + rng.gumbel(size=(m, n))
    return np.argsort(np.argsort(-drawn, axis=0), axis=0) + 1


def own(places: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> Fit:
    """Worths with their covariance, from places to the end."""
    counts, found = choice_sets(places), duels(places)
    assert counts is not None
    fit = plackett_luce(counts, found.wins)
    assert isinstance(fit, Fit)
    return fit


def main(n: int = 100_000, m: int = 8) -> None:
    """Print seconds and ratio."""
    places = rankings(n, m)
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        fit = own(places)
        taken.append(time.perf_counter() - start)
    print(f"{n:,} rankings of {m}: worths with standard errors {statistics.median(taken):.3f} s")
    try:
        import choix  # type: ignore[import-not-found]
    except ImportError:
        print("choix is not installed: pip install choix==0.4.1")
        return
    lists = np.argsort(places, axis=0).T.tolist()
    start = time.perf_counter()
    other = choix.ilsr_rankings(m, lists)
    seconds = time.perf_counter() - start
    apart = np.abs(other - other.mean() - fit.log_worth).max()
    print(f"choix ilsr_rankings {seconds:.3f} s, largest difference of log-worths {apart:.1e}")
    print(f"ratio {seconds / statistics.median(taken):.1f} (goal: at least 20)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
