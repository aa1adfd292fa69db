"""Weighted figures, given to somebody who tries every whole number behind them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from cityhall import SCALE, choice, city_columns, city_frame, names, ranking, store, study
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import results
from reports.assembly import weighting
from reports.assembly.weighted_figures import solvable
from reports.assembly.weighting import Cells
from reports.disclosure import release
from reports.errors import DisclosureError
from reports.estimators.design import Floats
from reports.raking import Raked
from reports.results import results_of
from reports.tables import Domain, Release
from reports.weighted_attack import Cell, Figure, follows, splits, weighted_findings
from reports.weights import Weighted, weighted_shares
from survey.codebook import Codebook, Role
from survey.study import Study, WeightMethod, Weights

Counts = tuple[int, ...]


def printed(share: float, step: float = 0.01) -> float:
    return round(share / step) * step


def naive(N: tuple[int, int], parts: tuple[Counts, Counts], n_eff: bool = True) -> list[Figure]:
    """The weighted shares of a department as a design prints them that weights by hidden cells."""
    bases = [sum(part) for part in parts]
    found = sum(N) ** 2 / sum(n**2 / base for n, base in zip(N, bases, strict=True))
    return [
        Figure(
            "", (1.0,), tuple(float(k == answer) for k in range(len(parts[0]))),
            printed(sum(n / sum(N) * part[answer] / base
                        for n, part, base in zip(N, parts, bases, strict=True))),
            0.01, float(round(found)) if n_eff else None,
        )
        for answer in range(len(parts[0]))
    ]  # fmt: skip


def whole(N: tuple[int, int], parts: tuple[Counts, Counts]) -> Cell:
    return Cell("u", sum(N), tuple(a + b for a, b in zip(*parts, strict=True)), N)


counts = st.lists(st.integers(0, 9), min_size=3, max_size=5)


@settings(deadline=None)
@given(first=counts, second=counts, n_eff=st.booleans())
def test_the_true_split_is_always_among_those_found(
    first: list[int], second: list[int], n_eff: bool
) -> None:
    width = min(len(first), len(second))
    parts = tuple(first[:width]), tuple(second[:width])
    if not sum(parts[0]) or not sum(parts[1]):
        return
    N = (sum(parts[0]) + 7, sum(parts[1]) + 20)
    found = splits(naive(N, parts, n_eff), [whole(N, parts)], 0, N[0])
    assert sum(parts[0]) in found


@settings(deadline=None, max_examples=40)
@given(
    first=st.lists(st.integers(0, 5), min_size=3, max_size=3),
    second=st.lists(st.integers(0, 5), min_size=3, max_size=3),
    score=st.booleans(),
)
def test_no_split_is_missed_that_brute_force_finds(
    first: list[int], second: list[int], score: bool
) -> None:
    parts = tuple(first), tuple(second)
    if not sum(first) or not sum(second):
        return
    N = (sum(first) + 5, sum(second) + 11)
    cell, figures = whole(N, parts), naive(N, parts)
    if score:
        mean = sum(
            n / sum(N) * np.dot((1, 2, 3), part) / sum(part)
            for n, part in zip(N, parts, strict=True)
        )
        figures.append(Figure("", (1.0,), (1.0, 2.0, 3.0), printed(float(mean)), 0.01))
    possible = set()
    for one in product(*(range(n + 1) for n in cell.counts)):
        other = tuple(n - x for n, x in zip(cell.counts, one, strict=True))
        if not 0 < sum(one) <= N[0] or not 0 < sum(other) <= N[1]:
            continue
        finer = [Cell("a", N[0], one), Cell("b", N[1], other)]
        share = (N[0] / sum(N), N[1] / sum(N))
        if all(
            follows(Figure("", share, f.scores, f.value, f.step, f.n_eff), finer) for f in figures
        ):
            possible.add(sum(one))
    assert possible <= set(splits(figures, [cell], 0, N[0]))


def test_the_naive_design_gives_a_hidden_split_back_and_the_attack_says_so() -> None:
    """A department of sixty people: whole per cents and the effective n of hidden cells."""
    rng = np.random.default_rng(4)
    known = stopped = 0
    for _ in range(100):
        N, n = (38, 22), (int(rng.integers(12, 25)), int(rng.integers(2, 9)))
        figures, cells, possible = {}, {}, []
        for item in ("a", "b", "c"):
            parts = tuple(tuple(rng.multinomial(k, rng.dirichlet(np.ones(5))).tolist()) for k in n)
            cells[item] = [whole(N, (parts[0], parts[1]))]
            figures[item] = naive(N, (parts[0], parts[1]))
            possible.append(splits(figures[item], cells[item], 0, N[0]))
        known += possible[0] == (n[0],)
        stopped += bool(weighted_findings("weighting", figures, cells))
    assert known >= 70, "one item with five answers is enough for the reader"
    assert stopped >= 95, "the others weigh all cells alike, so that nothing is weighted"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Release:
    codebook = Codebook(
        "city", "0" * 64, "1", "de",
        (choice("department", names([str(d) for d in range(25)]), Role.DEPARTMENT),
         choice("workplace", names(["desk", "yard"]), Role.WORKPLACE),
         choice("q1", SCALE, Role.ASSESSMENT), ranking(["a", "b", "c", "d"], 2)),
    )  # fmt: skip
    frame = city_frame()
    known = {
        name: str(place) for place, name in enumerate(dict.fromkeys(k[0] for k in frame.counts))
    }
    numbered: dict[tuple[str, ...], int] = {(known[d], w): n for (d, w), n in frame.counts.items()}
    columns = {k: v for k, v in city_columns().items() if k in
               {"department", "workplace", "q1", "r_a", "r_b", "r_c", "r_d"}}  # fmt: skip
    path = tmp_path_factory.mktemp("city") / "set.zip"
    return release(store(path, study(replace(frame, counts=numbered)), codebook, columns))


def test_every_weighted_figure_follows_from_published_cells_digit_by_digit(city: Release) -> None:
    found = solvable(city, results_of(city).rows)
    assert sum(len(figures) for figures in found.figures.values()) > 50
    for item, figures in found.figures.items():
        assert all(follows(figure, found.cells[item]) for figure in figures), item


def test_a_design_that_weights_by_hidden_cells_is_stopped_at_the_gate(
    city: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The weights of a unit that is not split, as if its two cells were known."""

    def finer(cells: Cells) -> Weighted:
        counts, N = cells.counts, cells.N
        part, people = np.floor(counts[0] * 0.7), np.floor(N[0] * 0.5)
        return weighted_shares(
            np.concatenate([[part, counts[0] - part], counts[1:]]),
            np.concatenate([[people, N[0] - people], N[1:]]),
        )

    results_of(city)
    monkeypatch.setattr(Cells, "shares", finer)
    with pytest.raises(DisclosureError, match="gewichtetes Ergebnis"):
        results_of(city)


def test_figures_that_are_changed_by_one_printed_digit_are_noticed(
    city: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "_require_published_cells", lambda *_: None)
    rows = results_of(city).rows
    found = solvable(city, rows)
    for item, figures in found.figures.items():
        figure = figures[0]
        moved = Figure(
            figure.domain, figure.share, figure.scores, figure.value + 2 * figure.step, figure.step
        )
        assert not follows(moved, found.cells[item])


def raked(city: Release, **chosen: Any) -> Release:
    """The same release, as if its study had asked for raking: the gate works alike."""
    found = copy(city)
    weights = Weights(WeightMethod.RAKING, **chosen)
    object.__setattr__(found, "study", replace(city.study, weights=weights))
    return found


@pytest.mark.parametrize("chosen", [{}, {"margins": ("workplace",)}, {"most": 1.5}])
def test_every_raked_figure_follows_from_published_cells_digit_by_digit(
    city: Release, chosen: dict[str, Any]
) -> None:
    release = raked(city, **chosen)
    rows = results_of(release).rows
    found = solvable(release, rows)
    whole = [figure for figures in found.figures.values() for figure in figures]
    assert sum(not figure.modelled for figure in whole) > 12
    for item, figures in found.figures.items():
        assert all(follows(figure, found.cells[item]) for figure in figures), item


def test_a_raked_figure_that_rests_on_anything_else_keeps_the_whole_release_back(
    city: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody tries ways to split a cell under raked weights, so nothing else may leave."""
    release, plain = raked(city), weighting.raked_cells

    def finer(study: Study, domains: Sequence[Domain], base: Floats) -> Raked | None:
        found = plain(study, domains, base)
        assert found is not None
        return replace(found, weight=found.weight * np.linspace(0.9, 1.1, found.weight.size))

    results_of(release)
    monkeypatch.setattr(weighting, "raked_cells", finer)
    with pytest.raises(DisclosureError, match="gewichtetes Ergebnis"):
        results_of(release)
    nowhere = Figure("", (float("nan"),), (1.0, 0.0), 0.5, 0.01, modelled=False)
    assert weighted_findings("weighting", {"q": [nowhere]}, {"q": [Cell("a", 40, (5, 5))]})
