"""Departments against the rest: false claims over all of them, and what single intervals hold."""

from __future__ import annotations

import numpy as np
import pytest
from calibrated import FULL, draws, found
from numpy.typing import NDArray

from reports.estimators.association import weighted_delta
from reports.estimators.departments import claimed
from reports.estimators.design import Census
from reports.estimators.permutation import SMALL
from reports.weights import weighted_shares

CENSUS = Census()
N = np.maximum((np.geomspace(15, 6000, 60) / 20).round() * 20, 20).astype(int)
Ints = NDArray[np.int64]


def bound(replicates: int) -> float:
    return 0.05 + 2 * float(np.sqrt(0.05 * 0.95 / replicates))


def bases(response: float) -> Ints:
    """Answers of 60 departments: 5 to 2,000."""
    out: Ints = np.clip((N * response).round(), 5, 2000).astype(np.int64)
    return out


@pytest.mark.parametrize("response", [0.2, 1 / 3, 2 / 3] if FULL else [1 / 3])
@pytest.mark.parametrize("share", [0.02, 0.1, 0.4, 0.7, 0.95] if FULL else [0.1, 0.95])
def test_60_equal_departments_seldom_bring_a_false_claim_on_shares(
    share: float, response: float
) -> None:
    rng, n = np.random.default_rng(20270521), bases(response)
    size, K = draws(1000, 5000), (N * share).round().astype(int)
    x = rng.hypergeometric(K, N - K, n, size=(size, 60)).T
    p = claimed(CENSUS, n, N, x).p
    # Holm rejects anything at all exactly if it rejects the smallest of 60 p-values
    false = float((p.min(axis=0) < 0.05 / 60).mean())
    found(f"false claims, share {share}, response {response:.2f}", rate=false)
    assert false <= bound(size)


@pytest.mark.parametrize("shape", [(10, 20, 40, 30), (2, 3, 15, 80)])
def test_60_equal_departments_seldom_bring_a_false_claim_on_net_agreement(
    shape: tuple[int, ...],
) -> None:
    rng, n, size = np.random.default_rng(8), bases(1 / 3), draws(500, 4000)
    counts = np.stack([
        rng.multivariate_hypergeometric((np.array(shape) * people // 20 * 20 // 100), base, size)
        if (np.array(shape) * people // 20 * 20 // 100).sum() >= base
        else rng.multinomial(base, np.array(shape) / 100, size)
        for people, base in zip(N * 20, n, strict=True)
    ])  # fmt: skip
    p = claimed(CENSUS, n, N * 20, counts[:, :, 3], counts[:, :, 0]).p
    false = float((p.min(axis=0) < 0.05 / 60).mean())
    found(f"false claims, net {shape}", rate=false)
    assert false <= bound(size)


def test_no_false_claim_comes_from_who_answers_where_cells_even_it_out() -> None:
    """Two kinds of people think differently and answer differently; departments do not."""
    rng, size = np.random.default_rng(5), draws(1000, 5000)
    heads = np.stack([N * 0.6, N * 0.4], axis=1).astype(int) + 20
    bases_ = np.maximum((heads * np.array([0.4, 0.15])).astype(int), 10)
    K = (heads * np.array([0.3, 0.6])).astype(int)
    # every department has the same two kinds, so its true share is that of all others nearly
    x = rng.hypergeometric(K.ravel(), (heads - K).ravel(), bases_.ravel(), size=(size, 120)).T
    group = np.repeat(np.arange(60), 2)
    weighted = claimed(CENSUS, bases_.ravel(), heads.ravel(), x, group=group)
    true = K.sum(axis=1) / heads.sum(axis=1)
    rest = (K.sum() - K.sum(axis=1)) / (heads.sum() - heads.sum(axis=1))
    gap = (true - rest)[:, None]
    i = weighted.interval
    held = (i.low <= gap) & (gap <= i.high)
    large = bases_.sum(axis=1) >= 40
    found("department differences by cells", large=held[large].mean(), small=held[~large].mean())
    assert 0.94 <= held[large].mean() <= 0.965
    assert held[~large].mean() >= 0.92
    false = float((weighted.p.min(axis=0) < 0.05 / 60).mean())
    found("false claims by cells", rate=false)
    assert false <= bound(size)


@pytest.mark.parametrize(
    "twentieths",
    [((1, 18), (2, 18)), ((6, 8), (2, 8)), ((1, 1), (0, 1))],
    ids=["no", "both", "few"],
)
def test_small_groups_judged_by_permutation_seldom_bring_a_false_claim(
    twentieths: tuple[tuple[int, int], ...],
) -> None:
    """Desk and yard think differently; 60 groups of 10 to 40 answers with both do not."""
    rng, size = np.random.default_rng(9), draws(300, 3000)
    n = rng.integers(5, 21, 120)
    blocks = (n * 3 + 19) // 20
    people = [
        block * np.array([yes, no, 20 - yes - no])
        for block, (yes, no) in zip(blocks, twentieths * 60, strict=True)
    ]
    drawn = np.stack([
        rng.multivariate_hypergeometric(cell, base, size)
        for cell, base in zip(people, n, strict=True)
    ])  # fmt: skip
    group, kind = np.repeat(np.arange(60), 2), np.tile([0, 1], 60)
    p = claimed(CENSUS, n, blocks * 20, drawn[:, :, 0], drawn[:, :, 1], group, kind).p
    false = float((np.nanmin(p, axis=0) < 0.05 / 60).mean())
    small = np.bincount(group, n) < SMALL
    alone = float((np.nanmin(p[small], axis=0) < 0.05 / small.sum()).mean())
    found(f"false claims of small groups, {twentieths}", rate=false, by_permutation=alone)
    assert max(false, alone) <= bound(size)


def test_the_weighted_effect_holds_the_truth_where_kinds_of_people_answer_differently() -> None:
    rng, size = np.random.default_rng(12), draws(600, 4000)
    people = np.array([[30, 60, 90, 80, 40], [60, 50, 40, 20, 10], [200, 300, 400, 300, 200],
                       [400, 300, 200, 100, 50]])  # fmt: skip
    rates = (0.4, 0.15, 0.4, 0.15)
    drawn = np.stack([
        rng.multivariate_hypergeometric(cell, round(float(cell.sum()) * rate), size)
        for cell, rate in zip(people, rates, strict=True)
    ], axis=1)  # fmt: skip
    order, heads = np.arange(1, 6), people.sum(axis=1)
    p, q = (part.sum(axis=0) / part.sum() for part in (people[:2], people[2:]))
    true = float(p @ np.sign(order[:, None] - order[None, :]) @ q)
    held = 0
    for counts in drawn:
        sides = [weighted_shares(counts[cells], heads[cells]) for cells in ([0, 1], [2, 3])]
        i = weighted_delta(
            CENSUS,
            [side.value for side in sides],
            [side.cov for side in sides],
            [side.precision.df for side in sides],
            order,
        )
        held += bool(i.low[0] <= true <= i.high[0])
    noise = 2 * float(np.sqrt(0.95 * 0.05 / size))
    found("weighted effect of a group", held=held / size)
    assert 0.94 - noise <= held / size <= 0.965 + noise
