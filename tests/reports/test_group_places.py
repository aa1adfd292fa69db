"""Possible places of groups: never more is proven than pairs of groups allow."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import cityhall
import dossier_example as example
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from reports import charts, typography, unit_rates
from reports.addresses import AddressBook
from reports.assembly.rows import OVERFULL
from reports.disclosure import release
from reports.dossier import Paragraph
from reports.dossiers.place_annex import NONE_APART, places
from reports.estimates import Estimate, Results
from reports.estimators.departments import holm
from reports.estimators.design import Census
from reports.estimators.dispute import BoundedSets
from reports.estimators.group_places import group_places
from reports.exhibits import Grid, Picture
from reports.place_figures import draw_places
from reports.printed_numbers import context
from reports.published import published
from reports.results import results_of
from reports.tables import Status
from reports.tracing import svg_texts
from survey.codebook import Scale
from survey.study import Frame

Numbers = NDArray[np.int64]
CENSUS, UNKNOWN = Census(), np.nan


def limits(found: BoundedSets) -> list[tuple[int, int]]:
    return list(zip(found.low.tolist(), found.high.tolist(), strict=True))


def plainly(x: Numbers, n: Numbers, N: Numbers) -> list[tuple[int, int]]:
    """The same pair by pair, with the test of a fourfold table from a library."""
    pairs, found = list(permutations(range(len(x)), 2)), []
    for i, j in pairs:
        pooled, f = (x[i] + x[j]) / (n[i] + n[j]), 1 - n / N
        se = np.sqrt(pooled * (1 - pooled) * (f[i] / n[i] + f[j] / n[j]))
        p = stats.norm.sf((x[i] / n[i] - x[j] / n[j]) / se)
        if min(n[i], n[j]) * min(pooled, 1 - pooled) < 50:
            fourfold = np.array([[x[i], n[i] - x[i]], [x[j], n[j] - x[j]]])
            p = max(p, stats.fisher_exact(fourfold, "greater").pvalue)
        found.append(p)
    proven = [pair for pair, p in zip(pairs, holm(found).tolist(), strict=True) if p <= 0.05]
    return [
        (1 + sum(j == g for _, j in proven), len(x) - sum(i == g for i, _ in proven))
        for g in range(len(x))
    ]


@pytest.mark.parametrize("seed", range(5))
def test_places_are_those_of_a_plain_implementation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    N = rng.integers(40, 900, 7)
    n = (N * rng.uniform(0.3, 0.7, 7)).astype(int)
    x = rng.binomial(n, rng.choice([0.3, 0.5, 0.8], 7))
    found = limits(group_places(CENSUS, x, n, N))
    assert found == plainly(x, n, N)
    assert found != [(1, 7)] * 7


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9])
def test_groups_that_answer_alike_are_hardly_ever_told_apart(share: float) -> None:
    rng = np.random.default_rng(20270521)
    N = np.maximum((np.geomspace(15, 6000, 60) / 20).round() * 20, 20).astype(int)
    n, K, draws = np.maximum(N // 3, 10), (N * share).round().astype(int), 200
    false = sum(
        bool((group_places(CENSUS, rng.hypergeometric(K, N - K, n), n, N).low > 1).any())
        for _ in range(draws)
    )
    assert false / draws <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / draws)


def test_renumbering_groups_renumbers_their_places() -> None:
    x, n, N = np.array([60, 20, 45, 12]), np.array([80, 80, 90, 15]), np.array([200, 160, 99, 30])
    order = np.array([2, 0, 3, 1])
    plain = group_places(CENSUS, x, n, N)
    moved = group_places(CENSUS, x[order], n[order], N[order])
    assert moved.low.tolist() == plain.low[order].tolist()
    assert moved.high.tolist() == plain.high[order].tolist()
    assert moved.place.tolist() == plain.place[order].tolist()


def test_a_full_count_proves_every_difference_and_keeps_ties() -> None:
    found = group_places(CENSUS, [10, 11, 10], [20, 20, 20], [20, 20, 20])
    assert limits(found) == [(2, 3), (1, 1), (2, 3)]
    assert found.place.tolist() == [2, 1, 2]


def test_unanimous_groups_and_unknown_headcounts_have_places() -> None:
    assert limits(group_places(CENSUS, [12, 12], [12, 12], [30, 30])) == [(1, 2), (1, 2)]
    assert limits(group_places(CENSUS, [90, 10], [100, 100], [UNKNOWN] * 2)) == [(1, 1), (2, 2)]
    assert limits(group_places(CENSUS, [7], [12], [30])) == [(1, 1)]


def rated_city(path: Path, frame: Frame) -> Results:
    """The city with its first question as a rating that one department answers highest."""
    columns = cityhall.city_columns()
    youth = (columns["department"] == 1) & (columns["q1"] > 0)
    columns["q1"] = np.where(youth, 5, columns["q1"])
    columns["q1"][::7] = 2
    book = cityhall.city_codebook()
    questions = tuple(
        replace(q, scale=Scale.ORDINAL, variables=(replace(q.variables[0], scale=Scale.ORDINAL),))
        if q.id == "q1"
        else q
        for q in book.questions
    )
    study = cityhall.study(frame)
    data = cityhall.store(path / "set.zip", study, replace(book, questions=questions), columns)
    return results_of(release(data))


def test_every_shown_group_has_its_possible_places_and_a_page_must_say_what_they_are(
    tmp_path: Path,
) -> None:
    city = rated_city(tmp_path, cityhall.city_frame())
    rows = city.select("q1", "group_place", "department")
    shown = [row for row in city.select("q1", "top2", "department") if row.value is not None]
    assert {row.domain for row in rows} == {row.domain for row in shown}
    for row in rows:
        assert row.value is not None
        assert row.low is not None
        assert row.high is not None
        assert 1 <= row.low <= row.value <= row.high <= len(rows)
        assert row.status in (Status.PUBLISHED, Status.MERGED)
    first = city.get("q1", "group_place", by="department", domain="youth")
    assert (first.value, first.low, first.high, first.printed) == (1, 1, 1, "Platz\u00a01")
    labels = {("domain", "department", row.domain): (row.domain,) for row in rows}
    whole = AddressBook(city.rows, labels)
    assert whole.find(str(first.base_n), context("youth"))
    assert not [name for name, _ in whole.find("1", context("youth")) if "group_place" in name]
    said = [name for name, _ in whole.find("1", context("youth, mögliche Plätze"))]
    assert "q1/group_place@department=youth" in said


def test_the_team_sees_possible_places_beside_shares_and_never_an_order_by_value(
    tmp_path: Path,
) -> None:
    city = rated_city(tmp_path, cityhall.city_frame())
    shown = unit_rates.units(city, "department")
    (section,) = places(city, "department", shown)
    read, picture, grid = section.blocks
    assert isinstance(read, Paragraph)
    assert NONE_APART not in read.text
    assert isinstance(picture, Picture)
    assert isinstance(grid, Grid)
    asked = [unit.domain.label for unit in shown]
    told = [row[0] for row in grid.rows]
    assert told == [name for name in asked if name in told]
    values = [row[1] for row in grid.rows]
    assert values != sorted(values, reverse=True)
    rows = {row.domain: row.printed for row in city.select("q1", "group_place", "department")}
    codes = {unit.domain.label: unit.domain.code for unit in shown}
    assert [row[3] for row in grid.rows] == [rows[codes[name]] for name in told]
    drawn = svg_texts(picture.figure.svg)
    assert len(picture.figure.alt) >= 60
    for name, share, _, place, _ in grid.rows:
        assert f"{name} {share}, {place}" in picture.figure.alt
        assert place.removeprefix("Platz\u00a0") in drawn
    tracer = published(city).tracer()
    text = "\n".join((*picture.texts, *drawn, *grid.texts))
    assert all(number.earned for number in tracer.trace(text, [text], "places"))


@pytest.mark.parametrize("groups", [2, 8, 9, 23])
def test_no_text_of_a_chart_of_places_is_clipped_small_or_covered(groups: int) -> None:
    names = [label for label, _, _ in example.DEPARTMENTS.values()][:groups]
    rows = [
        (
            name,
            estimate("top2", 0.97, 0.9, 1.0, "97,0\u00a0%"),
            estimate("group_place", 1, 1, groups, typography.place(1, groups)),
        )
        for name in names
    ]
    with charts.chart_style():
        figure = draw_places(rows, groups, "beide höchsten Stufen")
        assert charts.clipped_texts(figure) == ()
        assert charts.small_texts(figure) == ()
        assert charts.overlapping_texts(figure, 0.4) == ()


def estimate(statistic: str, value: float, low: float, high: float, printed: str) -> Estimate:
    return Estimate(
        study="s", item="q1", statistic=statistic, value=value, low=low, high=high, base_n=50,
        printed=printed,
    )  # fmt: skip


def test_a_group_with_more_ballots_than_people_has_no_place_among_the_others(
    tmp_path: Path,
) -> None:
    frame = cityhall.city_frame()
    fewer = {k: 100 if k[0] == "youth" else people for k, people in frame.counts.items()}
    rows = rated_city(tmp_path, replace(frame, counts=fewer)).select("q1", "group_place")
    told = [row for row in rows if row.domain_variable == "department"]
    wrong = {row.domain: row.note for row in told if row.value is None}
    assert wrong == {"youth": OVERFULL}
    assert max(row.high or 0 for row in told) <= len(told) - 1
