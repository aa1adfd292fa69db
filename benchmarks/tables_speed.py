"""All shares, means, intervals and tests of 40 questions by 60 departments, against two peers.

    python benchmarks/tables_speed.py [RESPONSES] [--no-r]

Prints the seconds of one run: a plain ``numpy.bincount`` of the 40 tables; our counting with
shares, top-2, net agreement, means, their intervals, every department against the rest, and
Holm over all of it; and R survey's ``svyby`` means alone on the same answers. Goals at 100,000
responses: at most 5 times the plain tables and at most a tenth of R. At 1,000,000: at most
3 s and 400 MB, and growth from 100,000 at most 12.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from reports.estimators.departments import against_rest, holm, tail_p
from reports.estimators.design import Census
from reports.estimators.ratings import mean_interval, net_interval
from reports.estimators.shares import share_interval

QUESTIONS, DEPARTMENTS, STEPS = 40, 60, 5
Columns = tuple[NDArray[np.int8], list[NDArray[np.int8]]]
R = """
suppressPackageStartupMessages(library(survey))
n <- {n}
read <- function(name, size) readBin(name, "integer", size, 1)
d <- data.frame(dept = read("{folder}/department", n))
for (q in 1:40) d[[paste0("q", q)]] <- read(sprintf("{folder}/q%d", q), n)
d$N <- 4 * n
design <- svydesign(ids = ~1, fpc = ~N, data = d)
items <- as.formula(paste("~", paste0("q", 1:40, collapse = " + ")))
cat(system.time(svyby(items, ~dept, design, svymean))["elapsed"], "\\n")
"""


def answers(n: int) -> Columns:
    """Departments of very different size and five-point answers, packed as in a data set."""
    rng = np.random.default_rng(1)
    size = rng.pareto(1.2, DEPARTMENTS) + 0.2
    department = rng.choice(DEPARTMENTS, n, p=size / size.sum()).astype(np.int8)
    return department, [rng.integers(0, STEPS, n, dtype=np.int8) for _ in range(QUESTIONS)]


def counted(columns: Columns) -> NDArray[np.int64]:
    """The 40 tables by department, (questions, departments, steps)."""
    department, questions = columns
    start = department.astype(np.int64) * STEPS
    size = DEPARTMENTS * STEPS
    tables = [np.bincount(start + answer, minlength=size) for answer in questions]
    return np.array(tables).reshape(QUESTIONS, DEPARTMENTS, STEPS)


def everything(columns: Columns) -> int:
    """All estimates of the 40 questions; returns how many of 4,800 differences may be claimed."""
    design, tables = Census(), counted(columns)
    flat = tables.reshape(-1, STEPS)
    n = flat.sum(axis=1)
    N = 4 * n + 1
    top, bottom = flat[:, 3:].sum(axis=1), flat[:, :2].sum(axis=1)
    shown = np.concatenate([flat, top[:, None], bottom[:, None]], axis=1)
    share_interval(design, shown, n[:, None], N[:, None])
    net_interval(design, top, bottom, n, N)
    mean_interval(design, flat, np.arange(1.0, STEPS + 1), N)
    people, base = 4 * tables[0].sum(axis=1) + 1, tables[0].sum(axis=1)
    high = tables[:, :, 3:].sum(axis=2).T
    balance = high - tables[:, :, :2].sum(axis=2).T
    used = base > 1
    part = (base[used], people[used])
    tops = against_rest(design, *part, high[used], high[used])
    tails = np.maximum(tops.p, tail_p(*part, high[used]))
    nets = against_rest(design, *part, balance[used], np.abs(balance)[used], (-1.0, 1.0))
    adjusted = holm(np.concatenate([tails.ravel(), nets.p.ravel()]))
    return int((adjusted < 0.05).sum())


def seconds(act: Callable[[], object], rounds: int = 3) -> float:
    """The fastest of some rounds."""
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return min(taken)


def r_seconds(columns: Columns) -> float | None:
    """Seconds of svyby means in R on the same answers, reading not counted; None without R."""
    department, questions = columns
    with tempfile.TemporaryDirectory() as folder:
        department.tofile(Path(folder, "department"))
        for number, answer in enumerate(questions, start=1):
            answer.tofile(Path(folder, f"q{number}"))
        script = Path(folder, "means.R")
        script.write_text(R.format(n=department.size, folder=folder))
        command = ["Rscript", "--vanilla", str(script)]
        try:
            done = subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"no comparison with R: {error}")
            return None
    return float(done.stdout.split()[-1])


def main(n: int = 100_000, *, with_r: bool = True) -> None:
    """Print seconds, ratios and the peak of memory."""
    columns = answers(n)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    plain = seconds(lambda: counted(columns))
    whole = seconds(lambda: everything(columns))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{n:,} responses: 40 plain tables {plain:.3f} s, all estimates {whole:.3f} s")
    print(f"ratio to the plain tables {whole / plain:.2f} (goal at 100,000: at most 5)")
    print(f"peak memory {peak:.0f} MB, {peak - before:.0f} MB of it while computing")
    if n >= 1_000_000:
        smaller = answers(n // 10)
        tenth = seconds(lambda: everything(smaller))
        print(f"growth from {n // 10:,} to {n:,}: {whole / tenth:.1f} (goal: at most 12)")
    if with_r and (r := r_seconds(columns)) is not None:
        print(f"R survey svyby means alone {r:.2f} s, ratio {r / whole:.0f} (goal: at least 10)")


if __name__ == "__main__":
    given = [argument for argument in sys.argv[1:] if argument != "--no-r"]
    main(*map(int, given[:1]), with_r="--no-r" not in sys.argv)
