"""Means of typed numbers: right where they hold, refused with a reason where they do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from asked import PEOPLE, Ints, item, made

from reports.assembly.numbers import FEW, FEW_FOR_LIMITS, LEANING, ONE_LARGE, SKEWED
from reports.classes import sums
from reports.estimates import Estimate
from reports.estimators.quantiles import Sums
from reports.tables import Status

YEARS = item("number", "years", max=100_000, unit="Jahre").questions()


def mean(path: Path, values: Ints, *, census: bool = True) -> Estimate:
    return made(path, {"years": values}, YEARS, census=census).get("years", "mean")


def test_the_mean_is_that_of_the_answers(tmp_path: Path) -> None:
    values = np.random.default_rng(1).integers(0, 41, 400)
    row = mean(tmp_path, values)
    assert row.value == pytest.approx(values.mean())
    error = values.std(ddof=1) / np.sqrt(400) * np.sqrt(1 - 400 / PEOPLE)
    assert row.se == pytest.approx(error)
    assert (row.method, row.base_n) == ("skewness_fpc", 400)
    assert row.printed.endswith("Jahre")
    alone = mean(tmp_path, values, census=False)
    assert (alone.value, alone.low, alone.se) == (row.value, None, None)


@pytest.mark.parametrize(
    ("values", "note"),
    [
        (np.full(9, 5), FEW),
        (np.array([3] * 60 + [4] * 10 + [50_000]), ONE_LARGE),
        (np.array([3] * 80 + [4] * 10 + [60, 70, 90]), SKEWED),
    ],
    ids=["nine people", "one far away", "skewed"],
)
def test_a_mean_that_would_name_somebody_or_not_hold_is_refused(
    tmp_path: Path, values: Ints, note: str
) -> None:
    rows = made(tmp_path, {"years": values}, YEARS)
    found = rows.find("years", "mean")
    if len(values) < 10:
        assert found is None or found.value is None
        return
    assert found is not None
    assert (found.value, found.status, found.note) == (None, Status.NOT_COMPUTABLE, note)


def test_few_or_leaning_numbers_have_a_mean_without_limits_and_a_reason(tmp_path: Path) -> None:
    few = mean(tmp_path, np.random.default_rng(1).integers(0, 41, 300))
    assert few.value is not None
    assert (few.low, few.note) == (None, FEW_FOR_LIMITS)
    skewed = np.rint(np.random.default_rng(2).exponential(20, 500)).astype(np.int64)
    row = mean(tmp_path, skewed)
    assert row.value is not None
    assert row.low is not None
    assert row.high is not None
    assert row.high - row.value > row.value - row.low
    leaning = np.repeat([1, 2, 10, 40], [260, 60, 60, 120])
    row = mean(tmp_path, leaning)
    assert row.value == pytest.approx(leaning.mean())
    assert (row.low, row.se, row.note) == (None, None, LEANING)


def test_moments_follow_from_sums_about_any_middle() -> None:
    values = np.random.default_rng(2).gamma(1.5, 20, 500).astype(np.int64)
    found = Sums(*sums(values, 10)[0].astype(float))
    centred = values - values.mean()
    assert found.mean == pytest.approx(values.mean(), rel=1e-12)
    assert found.variance == pytest.approx(values.var(ddof=1), rel=1e-10)
    assert found.skewness == pytest.approx(
        (centred**3).mean() / (centred**2).mean() ** 1.5, rel=1e-9
    )
