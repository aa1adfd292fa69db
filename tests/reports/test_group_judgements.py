"""Comparisons, points, numbers and dates by group: right, and safe to publish."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import cityhall
import numpy as np
import pytest
from asked import Ints, item

from reports.assembly.comparisons import PERMUTED
from reports.assembly.numbers import IN_OPEN_CLASS
from reports.assembly.preferences import TOO_FEW
from reports.estimates import Results
from reports.estimators.design import Census
from reports.estimators.screening import permutation_p
from reports.protection import MINIMUM
from reports.results import TOGETHER_ONLY, study_results
from reports.tables import Status
from survey.codebook import Codebook, Question, Role
from survey.dataset import write_data_set
from survey.study import Frame

CODES = [{"code": c, "label": c.upper()} for c in "abcd"]
POINTS = item("points", "pts", options=CODES[:3], sum_to=10).questions()
DUELS = item("pairwise", "duel", equal="equal", options=CODES[:3]).questions()
SETS = item("best_worst", "bw", best="best", worst="worst", options=CODES).questions()
YEARS = item("number", "years", max=60, unit="Jahre").questions()
SIZES = {"a": 200, "b": 120, "c": 45, "d": 24, "e": 8, "f": 9}
PEOPLE = {"a": 500, "b": 300, "c": 100, "d": 80, "e": 60, "f": 70}


def by_department(
    path: Path,
    columns: Mapping[str, Ints],
    questions: Sequence[Question],
    sizes: Mapping[str, int] = SIZES,
) -> Results:
    role = Role.DEPARTMENT
    department = cityhall.choice("department", cityhall.names(list(sizes)), role, "Dienststelle")
    people: dict[tuple[str, ...], int] = {(name,): PEOPLE[name] for name in sizes}
    frame = Frame(("department",), people, "2027-01-01", "Liste")
    departments = np.repeat(np.arange(1, len(sizes) + 1), list(sizes.values()))
    data_set = write_data_set(
        path / f"{len(list(path.iterdir()))}.zip",
        study=cityhall.study(frame),
        codebook=Codebook("city", "0" * 64, "1", "de", (department, *questions)),
        columns={"department": departments.tolist(), **{k: v.tolist() for k, v in columns.items()}},
        texts={},
        orders={},
        protocol={},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return study_results(data_set)


DEPARTMENTS = np.repeat(np.arange(1, len(SIZES) + 1), list(SIZES.values()))
N = DEPARTMENTS.size


def shared_out(rng: np.random.Generator) -> dict[str, Ints]:
    given = rng.multinomial(10, [0.5, 0.3, 0.2], N).T
    names = [variable.name for variable in POINTS[0].variables]
    return dict(zip(names, given.astype(np.int64), strict=True))


def test_points_of_a_group_are_the_means_of_its_people(tmp_path: Path) -> None:
    columns = shared_out(np.random.default_rng(3))
    rows = by_department(tmp_path, columns, POINTS)
    inside = DEPARTMENTS == 2
    for variable, name in zip(POINTS[0].variables, POINTS[0].elements, strict=True):
        own = columns[variable.name][inside]
        row = rows.get("pts", "points", name, by="department", domain="b")
        assert row.value == pytest.approx(own.mean(), rel=1e-12)
        assert row.se == pytest.approx(own.std(ddof=1) / 120**0.5 * (1 - 120 / 300) ** 0.5)
        assert (row.base_n, row.base_N, row.status) == (120, 300, Status.PUBLISHED)
        nothing = rows.get("pts", "points_zero", name, by="department", domain="b")
        assert nothing.value == pytest.approx((own == 0).mean())
        assert rows.get("pts", "rank_set", name, by="department", domain="b").low is not None


def test_a_group_of_fewer_than_thirty_has_no_mean_points(tmp_path: Path) -> None:
    sizes = {"a": 200, "b": 125, "c": 55, "d": 26}
    rows = by_department(tmp_path, shared_out(np.random.default_rng(3)), POINTS, sizes)
    row = rows.get("pts", "points", "a", by="department", domain="d")
    assert (row.value, row.status, row.note) == (None, Status.NOT_COMPUTABLE, TOO_FEW)


def test_small_groups_are_merged_in_joint_counts(tmp_path: Path) -> None:
    rows = by_department(tmp_path, shared_out(np.random.default_rng(3)), POINTS)
    found = rows.release.joint["points", "pts", "department"]
    assert all(base >= MINIMUM for base in found.base.tolist())
    assert found.base.sum() == N
    merged = {row.domain for row in rows.select("pts", "points", "department") if row.value is None}
    assert {"e", "f"} <= merged


def test_points_of_which_all_tell_the_same_are_not_told_by_group(tmp_path: Path) -> None:
    columns = shared_out(np.random.default_rng(3))
    sizes = {"a": 200, "b": 125, "c": 55, "d": 26}

    def told() -> set[str]:
        rows = by_department(tmp_path, columns, POINTS, sizes)
        return {domain.code for domain in rows.release.joint["points", "pts", "department"].domains}

    assert "d" in told()
    for column, same in zip(columns.values(), (8, 1, 1), strict=True):
        column[-26:] = same
    assert "d" not in told()


def test_worths_of_a_group_follow_from_its_pairs(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    columns = {v.name: rng.integers(1, 3, N) for v in DUELS[0].variables}
    for variable in DUELS[0].variables:
        values = np.array([code.value for code in variable.answers])
        columns[variable.name] = values[rng.choice(3, N, p=[0.6, 0.3, 0.1])]
    rows = by_department(tmp_path, columns, DUELS)
    whole = [rows.get("duel", "worth", name, by="department", domain="a").value for name in "abc"]
    assert sum(value for value in whole if value is not None) == pytest.approx(1.0)
    inside = DEPARTMENTS == 1
    alone = {name: column[inside] for name, column in columns.items()}
    first = next(iter(alone))
    share = rows.get(first, "share", "a", by="department", domain="a").value
    assert share == pytest.approx((alone[first] == 1).mean())


def test_scores_of_best_and_worst_are_told_by_group(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    columns: dict[str, Ints] = {}
    variables = SETS[0].variables
    shown = dict.fromkeys("abcd", 0.0)
    score = dict.fromkeys("abcd", 0.0)
    inside = DEPARTMENTS == 3
    for best, worst in zip(variables[::2], variables[1::2], strict=True):
        values = [code.value for code in best.answers]
        drawn = np.array([rng.permutation(values)[:2] for _ in range(N)])
        columns[best.name], columns[worst.name] = drawn[:, 0], drawn[:, 1]
        for code in best.answers:
            shown[code.name] += inside.sum()
            score[code.name] += (drawn[inside, 0] == code.value).sum()
            score[code.name] -= (drawn[inside, 1] == code.value).sum()
    rows = by_department(tmp_path, columns, SETS)
    for name in "abcd":
        row = rows.get("bw", "best_worst", name, by="department", domain="c")
        assert row.value == pytest.approx(score[name] / shown[name])
        assert row.value is not None
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high


def test_nobody_stands_alone_in_a_class_of_a_group(tmp_path: Path) -> None:
    years = np.random.default_rng(9).integers(0, 45, N)
    rows = by_department(tmp_path, {"years": years}, YEARS)
    shares = [row for row in rows.select("years", "class_share", "department") if row.value]
    assert {row.domain for row in shares} >= {"a", "b", "c"}
    for row in shares:
        assert round((row.value or 0) * (row.base_n or 0)) >= MINIMUM
    median = rows.get("years", "median", by="department", domain="a").value
    assert median == pytest.approx(np.median(years[DEPARTMENTS == 1]), abs=2.5)
    sizes = {"a": 200, "b": 125, "c": 62, "d": 19}
    rows = by_department(tmp_path, {"years": years}, YEARS, sizes)
    few = rows.get("years", "median", by="department", domain="d")
    assert few.value is None
    assert few.note == IN_OPEN_CLASS


def test_the_mean_of_a_number_stays_with_everybody(tmp_path: Path) -> None:
    years = np.random.default_rng(9).integers(0, 45, N)
    rows = by_department(tmp_path, {"years": years}, YEARS)
    (row,) = rows.select("years", "mean", "department")
    assert (row.value, row.status, row.note) == (None, Status.NOT_SHOWN, TOGETHER_ONLY)


def test_what_people_say_of_themselves_is_not_broken_down(tmp_path: Path) -> None:
    about = item("number", "years", max=60, role="demographic").questions()
    years = np.random.default_rng(9).integers(0, 45, N)
    rows = by_department(tmp_path, {"years": years}, about)
    assert not [row for row in rows.select("years", None, "department") if row.value is not None]


STEPS = [{"code": str(step), "label": str(step), "score": step} for step in range(1, 6)]
RATED = item("rating", "rated", options=STEPS).questions()


def test_a_small_group_is_claimed_by_permutation_and_the_row_says_so(tmp_path: Path) -> None:
    sizes = {"a": 200, "b": 125, "c": 55, "d": 26}
    answers = np.random.default_rng(13).integers(1, 6, N)
    answers[-26:] = np.array([5] * 18 + [1] * 8)
    rows = by_department(tmp_path, {"rated": answers}, RATED, sizes)
    small = rows.get("rated", "diff_rest_p", "top2", by="department", domain="d")
    large = rows.get("rated", "diff_rest_p", "top2", by="department", domain="a")
    assert small.note.endswith(PERMUTED)
    assert PERMUTED not in large.note
    yes = [int((answers[-26:] > 3).sum()), int((answers[:-26] > 3).sum())]
    pooled = permutation_p(Census(), [26 - yes[0], yes[0]], [380 - yes[1], yes[1]], [0, 1])
    assert small.value is not None
    # Holm multiplies by at most the number of comparisons, and Welch may be larger
    assert pooled <= small.value
