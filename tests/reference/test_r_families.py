"""Every family of statistics against R 4.2.2: base, stats and survey 4.1-1.

``families.txt`` was printed by ``Rscript --vanilla tests/reference/families.R``, which names
each call; one test runs the script again. Closed forms agree to 1e-9, iterative fits to 1e-6.
"""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from reports.estimators import association, departments, screening, share_options
from reports.estimators.design import Census
from reports.estimators.paired import paired_gap
from reports.estimators.permutation import small_group_p
from reports.estimators.ratings import medians
from reports.estimators.reliability import cronbach_alpha, item_moments
from reports.estimators.shares import beta_limits, korn_graubard, share_interval
from reports.raking import Margin, rake, raked_means
from reports.weights import weighted_shares

HERE = Path(__file__).parent
CENSUS, UNKNOWN = Census(), float("nan")

I = np.arange(400)  # noqa: E741
PLACE = (I * 7) % 10
DEP = np.where(PLACE < 5, 0, np.where(PLACE < 8, 1, 2))
WORK = ((I * 3) % 7 < 3).astype(int)
AGE = ((I * 11) % 13) // 5
Y = (I * I + 3 * DEP + 2 * WORK) % 5 + 1
Z = np.clip(Y + I % 3 - 1, 1, 5)
THIRD = (Y + Z + I % 2) % 5 + 1
FOURTH = np.clip(Y + (I * 5) % 4 - 1, 1, 5)
CELL, HEADS = DEP * 2 + WORK, np.array([250, 450, 300, 500, 350, 150])
SCORES = np.arange(1, 6)

Values = NDArray[np.float64]


def read(text: str) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for line in text.splitlines():
        key, value = line.split()
        stem, _, number = key.rpartition("_")
        name = stem if number.isdigit() and stem not in SINGLE else key
        found.setdefault(name, []).append(float(value))
    return found


SINGLE = {"rest_y", "rest_some", "rest_y_se", "rest_some_se"}
R = read((HERE / "families.txt").read_text(encoding="utf-8"))


def agrees(name: str, found: Any, rel: float = 1e-9) -> None:
    values = np.asarray(found, dtype=np.float64).ravel()
    assert len(R[name]) == values.size, name
    np.testing.assert_allclose(values, R[name], rtol=rel, atol=1e-12, err_msg=name)


def table(*variables: NDArray[np.int64], sizes: tuple[int, ...]) -> Values:
    out = np.zeros(sizes)
    np.add.at(out, tuple(variables), 1)
    return out


def test_the_file_is_what_r_prints_today() -> None:
    command = ["Rscript", "--vanilla", str(HERE / "families.R")]
    printed = read(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert set(printed) == set(R)
    for name, values in printed.items():
        np.testing.assert_allclose(values, R[name], rtol=1e-8, atol=1e-12, err_msg=name)


def test_there_are_at_least_150_values() -> None:
    assert sum(len(values) for values in R.values()) >= 150


def test_raking_to_three_margins() -> None:
    cells = np.stack([a.ravel() for a in np.indices((3, 2, 3))])
    counts = table(DEP, WORK, AGE, Y - 1, sizes=(3, 2, 3, 5)).reshape(18, 5)
    people = ([700, 800, 500], [900, 1100], [600, 900, 500])
    margins = [Margin.read(of, heads) for of, heads in zip(cells, people, strict=True)]
    raked = rake(counts.sum(axis=1), margins)
    assert raked.reason == ""
    assert raked.deviation < 1e-9
    agrees("rake_weight", raked.weight, 1e-6)
    agrees("rake_deff", raked.precision.deff, 1e-6)
    means = raked_means(raked, counts, np.stack([SCORES, SCORES >= 4], axis=1))
    agrees("rake_mean", means.value, 1e-6)
    agrees("rake_mean_alone", means.value[0], 1e-6)
    agrees("rake_se", np.sqrt(means.variance), 1e-6)
    agrees("rake_se_alone", np.sqrt(means.variance[0]), 1e-6)
    agrees("rake_cov", means.cov[0, 1], 1e-6)
    shares = raked_means(raked, counts, np.eye(5))
    agrees("rake_share", shares.value, 1e-6)
    agrees("rake_share_se", np.sqrt(shares.variance), 1e-6)


def test_strata_by_department_and_workplace() -> None:
    counts = table(CELL, Y - 1, sizes=(6, 5))
    shares = weighted_shares(counts, HEADS)
    agrees("cell_share", shares.value)
    agrees("cell_share_se", np.sqrt(shares.variance))
    both = shares.combined(np.stack([SCORES, SCORES >= 4]))
    agrees("cell_mean", both.value)
    agrees("cell_se", np.sqrt(both.variance))
    agrees("degf", shares.precision.df)
    top = shares.combined([SCORES >= 4])
    p = shares.precision
    limits = korn_graubard(CENSUS, top.value, top.variance, p.n, p.N, p.deff, p.df)
    agrees("beta", [limits.low[0], limits.high[0]])


@pytest.mark.parametrize(("name", "value"), [("y", SCORES), ("some", np.array([1, 0, 0, 1, 1]))])
def test_departments_against_the_rest_weighted_by_workplace(
    name: str, value: NDArray[np.int64]
) -> None:
    counts = table(CELL, Y - 1, sizes=(6, 5))
    ends = (float(value.min()), float(value.max()))
    found = departments.against_rest(
        CENSUS, counts.sum(axis=1), HEADS, (counts @ value)[:, None],
        (counts @ value**2)[:, None], ends, group=[0, 0, 1, 1, 2, 2],
    )  # fmt: skip
    for d in range(3):
        agrees(f"rest_{name}_{d + 1}", found.interval.value[d])
        agrees(f"rest_{name}_se_{d + 1}", found.interval.se[d])


def test_means_by_department_over_their_cells() -> None:
    counts = table(CELL, Y - 1, sizes=(6, 5))
    for d in range(3):
        one = weighted_shares(counts[2 * d : 2 * d + 2], HEADS[2 * d : 2 * d + 2])
        mean = one.combined([SCORES])
        assert mean.value[0] == pytest.approx(R["dep_mean"][d], rel=1e-9)
        assert np.sqrt(mean.variance[0]) == pytest.approx(R["dep_se"][d], rel=1e-9)


def test_rao_scott() -> None:
    by_cell = association.rao_scott(
        CENSUS, table(CELL, Y - 1, sizes=(6, 5)), N=HEADS, group=[0, 0, 1, 1, 2, 2]
    )
    agrees("rao_scott", [by_cell.statistic, by_cell.df, by_cell.p])
    counts = table(DEP, (Y >= 4).astype(int), sizes=(3, 2))
    plain = association.rao_scott(CENSUS, counts, N=[700, 800, 500])
    agrees("rao_scott_top", [plain.statistic, plain.df, plain.p])


@pytest.mark.parametrize(
    ("name", "test"),
    [
        ("chisq", association.chi_square),
        ("kruskal", lambda design, k: association.kruskal_wallis(design, k, SCORES)),
    ],
)
def test_plain_tests(name: str, test: Callable[[Census, Values], association.Homogeneity]) -> None:
    found = test(CENSUS, table(DEP, Y - 1, sizes=(3, 5)))
    agrees(name, [found.statistic, found.df, found.p])


def test_effect_sizes_and_small_groups() -> None:
    agrees("bergsma", association.cramers_v(table(DEP, Y - 1, sizes=(3, 5))))
    agrees("bergsma_strong", association.cramers_v([[30, 10, 5], [20, 40, 15]]))
    agrees("fisher", screening.permutation_p(CENSUS, [1, 5], [12, 4], [0, 1]))


def test_small_groups_are_permuted_within_kinds() -> None:
    p = small_group_p(
        CENSUS, [6, 9, 30, 25], [20, 60, 90, 80], [[4], [6], [8], [9]], [[1], [1], [12], [5]],
        [0, 0, 1, 1], [0, 1, 0, 1],
    )  # fmt: skip
    agrees("permuted", p[0, 0])
    p = small_group_p(CENSUS, [12, 80], [30, 200], [[10], [30]], [[0], [0]], [0, 1], [0, 0])
    agrees("hypergeometric", p[0, 0])


def test_agresti_and_coull() -> None:
    found = share_options.agresti_coull(CENSUS, [12, 12, 3], [40, 40, 200], [np.nan, 120, 900])
    agrees("agresti_coull", np.stack([found.low, found.high], axis=1))


def test_families_of_p_values() -> None:
    raw = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216]
    agrees("bh", departments.benjamini_hochberg(raw))
    agrees("holm", departments.holm(raw))


def test_shares() -> None:
    wilson = share_interval(CENSUS, 56, 70, UNKNOWN)
    agrees("wilson", [wilson.low[0], wilson.high[0]])
    exact = share_options.clopper_pearson(CENSUS, 56, 70, UNKNOWN)
    agrees("binom", [exact.low[0], exact.high[0]])
    agrees("binom", beta_limits(np.array([0.8]), np.array([70.0]), 0.95))
    together = share_options.goodman(CENSUS, table(Y - 1, sizes=(5,))[None], [2000])
    agrees("goodman_low", together.low)
    agrees("goodman_high", together.high)
    hyper = share_interval(CENSUS, 7, 30, 90)
    agrees("hyper", [hyper.low[0], hyper.high[0]])


def test_pairs_of_answers() -> None:
    joint = table(Y - 1, Z - 1, sizes=(5, 5))[None]
    gap = paired_gap(CENSUS, joint, SCORES, [2000])
    assert gap.top2 is not None
    assert gap.mean is not None
    agrees("gap", [gap.mean.value[0], gap.top2.value[0]])
    agrees("gap_se", [gap.mean.se[0], gap.top2.se[0]])
    agrees("gap_mean_ci", [gap.mean.low[0], gap.mean.high[0]])


def test_reliability_with_an_item_that_runs_the_other_way() -> None:
    columns = [Y, Z, THIRD, FOURTH]
    joint = np.array([[table(a - 1, b - 1, sizes=(5, 5)) for b in columns] for a in columns])
    items = item_moments(joint, SCORES)
    found = cronbach_alpha(CENSUS, items.cov, items.n, reversed_items=[2])
    agrees("alpha", found.alpha.value)
    agrees("feldt", [found.alpha.low[0], found.alpha.high[0]])
    agrees("alpha_without", found.without)
    agrees("item_rest", found.item_rest)


def test_welch_without_end_and_medians() -> None:
    counts = np.stack([(DEP == 0), (DEP != 0)]) @ np.eye(5)[Y - 1]
    found = departments.against_rest(
        CENSUS, counts.sum(axis=1), [1e15, 1e15], (counts @ SCORES)[:, None],
        (counts @ SCORES**2)[:, None], (1.0, 5.0),
    )  # fmt: skip
    i = found.interval
    t = i.value[0, 0] / i.se[0, 0]
    agrees("welch", [t, found.df[0, 0], found.p[0, 0], i.low[0, 0], i.high[0, 0]], 1e-7)
    agrees("median", medians(table(DEP, Y - 1, sizes=(3, 5)), SCORES))
