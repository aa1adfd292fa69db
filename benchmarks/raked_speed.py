"""Raked means of 40 items with standard errors against R survey, on the same answers in one run.

    python benchmarks/raked_speed.py [RESPONSES]

Three margins (60 departments, 2 workplaces, 6 ages). Prints the seconds from columns to raked
means with linearised standard errors, those of R's ``rake`` and ``svymean``, and their ratio;
the goal at 100,000 responses is at least 20. Needs R with the package survey.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reports.raking import Margin, rake, raked_means

ITEMS, STEPS = 40, 5
MARGINS = {"department": 60, "workplace": 2, "age": 6}
R = """
suppressPackageStartupMessages(library(survey))
n <- {n}
read <- function(name) readBin(file.path("{folder}", name), "integer", n, 1)
d <- data.frame(department = factor(read("department")), workplace = factor(read("workplace")),
                age = factor(read("age")))
for (q in 1:40) d[[paste0("q", q)]] <- read(paste0("q", q)) + 1
d$N <- 4 * n
people <- function(name) {{
  m <- read.csv(file.path("{folder}", paste0(name, ".csv")))
  m[[name]] <- factor(m[[name]]); m
}}
items <- as.formula(paste("~", paste0("q", 1:40, collapse = " + ")))
time <- system.time({{
  design <- svydesign(ids = ~1, fpc = ~N, data = d)
  raked <- rake(design, list(~department, ~workplace, ~age),
                list(people("department"), people("workplace"), people("age")),
                control = list(maxit = 100, epsilon = 1e-9))
  found <- svymean(items, raked)
}})["elapsed"]
cat(time, coef(found)[1], SE(found)[1], "\\n")
"""
Column = NDArray[np.int8]


def answers(n: int) -> tuple[dict[str, Column], list[Column]]:
    """The margins' categories and five-point answers of n people."""
    rng = np.random.default_rng(2)
    sizes = {name: rng.dirichlet(np.full(size, 5.0)) for name, size in MARGINS.items()}
    of = {
        name: rng.choice(MARGINS[name], n, p=share).astype(np.int8) for name, share in sizes.items()
    }
    return of, [rng.integers(0, STEPS, n, dtype=np.int8) for _ in range(ITEMS)]


def people(of: dict[str, Column]) -> dict[str, NDArray[np.float64]]:
    """Headcounts that differ from the respondents in every margin, four times as many in all."""
    rng = np.random.default_rng(3)
    out = {}
    for name, column in of.items():
        share = np.bincount(column) * rng.uniform(0.8, 1.25, MARGINS[name])
        out[name] = share / share.sum() * 4 * column.size
    return out


def own(
    of: dict[str, Column], items: list[Column], known: dict[str, NDArray[np.float64]]
) -> list[tuple[float, float]]:
    """Raked means of all items with their standard errors."""
    shape = tuple(MARGINS.values())
    cell = np.ravel_multi_index([column.astype(np.int64) for column in of.values()], shape)
    size = int(np.prod(shape))
    places = np.indices(shape).reshape(len(shape), -1)
    margins = [Margin(place, known[name]) for place, name in zip(places, MARGINS, strict=True)]
    raked = rake(np.bincount(cell, minlength=size), margins)
    start, scores = cell * STEPS, np.arange(1.0, STEPS + 1)[:, None]
    out = []
    for answer in items:
        table = np.bincount(start + answer, minlength=size * STEPS).reshape(size, STEPS)
        found = raked_means(raked, table, scores)
        out.append((float(found.value[0]), float(np.sqrt(found.variance[0]))))
    return out


def r_run(
    of: dict[str, Column], items: list[Column], known: dict[str, NDArray[np.float64]]
) -> tuple[float, float, float]:
    """Seconds of R, and its first mean with the standard error."""
    with tempfile.TemporaryDirectory() as folder:
        for name, column in [*of.items(), *((f"q{i}", c) for i, c in enumerate(items, start=1))]:
            column.tofile(Path(folder, name))
        for name, heads in known.items():
            lines = [f"{i},{value!r}" for i, value in enumerate(heads.tolist())]
            Path(folder, f"{name}.csv").write_text("\n".join([f"{name},Freq", *lines]))
        script = Path(folder, "raked.R")
        script.write_text(R.format(n=items[0].size, folder=folder))
        command = ["Rscript", "--vanilla", str(script)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, mean, se = map(float, done.stdout.split()[-3:])
    return seconds, mean, se


def main(n: int = 100_000) -> None:
    """Print both times, how far the results are apart, and the ratio."""
    of, items = answers(n)
    known = people(of)
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        found = own(of, items, known)
        taken.append(time.perf_counter() - start)
    print(f"{n:,} responses: 40 raked means with standard errors {statistics.median(taken):.3f} s")
    seconds, mean, se = r_run(of, items, known)
    apart = max(abs(found[0][0] / mean - 1), abs(found[0][1] / se - 1))
    print(f"R survey rake and svymean {seconds:.2f} s, first mean and error apart {apart:.1e}")
    print(f"ratio {seconds / statistics.median(taken):.0f} (goal: at least 20)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
