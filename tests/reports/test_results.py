"""The long table of whole studies: what is in it, what it must never hold."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import fields, replace
from pathlib import Path

import cityhall
import numpy as np
import pytest
from numpy.typing import NDArray

from reports.assembly.comparisons import rating_contrasts
from reports.assembly.other_limits import with_limits
from reports.assembly.rows import Context
from reports.cli import reports
from reports.estimates import COLUMNS, Estimate, Results
from reports.estimators import STATISTICS, WEIGHTED
from reports.estimators.design import design_of
from reports.long_table import as_csv, as_json
from reports.results import study_results
from reports.tables import EVERYBODY, WEIGHTING, Status
from survey.cli import run
from survey.codebook import Codebook, Role, Scale
from survey.dataset import DataSet, store_data_set
from survey.home import Home
from survey.study import Frame

ELSEWHERE = {
    "best_worst", "points", "points_zero", "points_trimmed", "class_share", "quantile",
    "texts", "texts_withheld", "texts_redacted", "theme", "theme_others", "theme_alpha",
    "order_effect", "disagreement", "disputed_place", "worth_tie", "population_share",
    "composition_known", "order_v", "order_p", "weight_deviation", "weight_trimmed",
}  # fmt: skip
"""Statistics that this city does not ask for; see test_judgement_rows and test_raking."""

Columns = dict[str, NDArray[np.int64]]


def codebook() -> Codebook:
    """The city's questions, the rated ones as ratings, and a motto."""
    motto = cityhall.choice("motto", cityhall.names(["x", "y", "z"]), Role.PREFERENCE, "Motto")
    made = cityhall.city_codebook([motto])
    questions = tuple(
        replace(q, scale=Scale.ORDINAL, variables=(replace(q.variables[0], scale=Scale.ORDINAL),))
        if q.id in ("q1", "q2")
        else q
        for q in made.questions
    )
    return replace(made, questions=questions)


def columns(seed: int = 1) -> Columns:
    made = cityhall.city_columns(seed)
    n = len(made["q1"])
    return made | {"motto": np.random.default_rng(seed).integers(1, 4, n)}


def stored(path: Path, answers: Columns, frame: Frame | None) -> DataSet:
    return cityhall.store(path / "data.zip", cityhall.study(frame), codebook(), answers)


@pytest.fixture(scope="module")
def answers() -> Columns:
    return columns()


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, answers: Columns) -> Results:
    path = tmp_path_factory.mktemp("census")
    return study_results(stored(path, answers, cityhall.city_frame()))


@pytest.fixture(scope="module")
def opted_in(tmp_path_factory: pytest.TempPathFactory, answers: Columns) -> Results:
    return study_results(stored(tmp_path_factory.mktemp("open"), answers, None))


def numbers(row: Estimate) -> list[float]:
    values = (row.value, row.se, row.low, row.high, row.level, row.n_eff)
    return [value for value in values if value is not None]


def test_no_row_holds_a_nan_and_every_empty_value_says_why(results: Results) -> None:
    assert all(math.isfinite(value) for row in results for value in numbers(row))
    for row in results:
        if row.value is None:
            assert row.status is not Status.PUBLISHED
            assert row.note
            assert (row.printed, row.low, row.method) == ("", None, "")


def test_keys_are_unique_and_statistics_registered(results: Results) -> None:
    keys = [row.key for row in results]
    assert len(keys) == len(set(keys))
    weighted = {name + "_weighted" for name in WEIGHTED}
    assert {row.statistic for row in results} <= set(STATISTICS) | weighted


def test_all_registered_statistics_appear(results: Results, opted_in: Results) -> None:
    weighted = {name + "_weighted" for name in WEIGHTED}
    lists = {
        "gap_top2",
        "gap_top2_weighted",
        "gap_top2_p",
        "gap_mean",
        "alpha",
        "straightlining",
        "repeated",
    }
    lists |= {"without_straight", "without_repeated"}
    found = {row.statistic for row in (*results, *opted_in)}
    assert found | lists | ELSEWHERE == set(STATISTICS) | weighted


def test_limits_contain_their_value_and_shares_stay_between_0_and_1(results: Results) -> None:
    for row in results:
        if row.value is None or row.low is None or row.high is None:
            continue
        assert row.low <= row.value <= row.high, row
        assert row.level == 0.95
        if row.statistic.startswith(("share", "top", "bottom", "first")):
            assert row.low >= 0
            assert row.high <= 1


def test_shares_are_those_of_the_rows(results: Results, answers: Columns) -> None:
    q1, department = answers["q1"], answers["department"]
    valid = q1[q1 >= 0]
    row = results.get("q1", "share", "4")
    assert row.value == pytest.approx((valid == 4).mean(), abs=1e-15)
    assert row.base_n == len(valid)
    youth = q1[(department == 1) & (q1 >= 0)]
    unit = results.get("q1", "top2", by="department", domain="youth")
    assert unit.value == pytest.approx((youth >= 4).mean(), abs=1e-15)
    assert (unit.base_n, unit.base_N) == (len(youth), 5260)
    missing = results.get("q2", "missing", "dont_know")
    assert missing.value == pytest.approx((answers["q2"] == -2).mean(), abs=1e-15)
    assert missing.base_n == len(q1)


def test_rankings_are_those_of_the_rows(results: Results, answers: Columns) -> None:
    places = np.stack([answers[f"r_{name}"] for name in "abcd"], axis=1)
    places = places[places[:, 0] >= 0]
    ranks = np.where(places > 0, places, 3.5)
    for i, name in enumerate("abcd"):
        top, mean = results.get("r", "top_k", name), results.get("r", "mean_rank", name)
        assert top.value == pytest.approx((places[:, i] > 0).mean())
        assert mean.value == pytest.approx(ranks[:, i].mean())
        spread = ranks[:, i].std(ddof=1) / np.sqrt(len(ranks)) * np.sqrt(1 - len(ranks) / 22000)
        assert mean.se == pytest.approx(spread)
        assert results.get("r", "rank_set", name).base_n == len(places)
    beats = (ranks[:, 0] < ranks[:, 1]).mean()
    assert results.get("r", "pairwise", "a>b").value == pytest.approx(beats)


def test_weighted_rows_are_rounded_as_printed(results: Results) -> None:
    for row in results:
        if row.statistic in ("share_weighted", "top_k_weighted", "top2_weighted"):
            assert row.value is not None
            assert round(row.value, 3) == row.value
            assert row.printed == f"{row.value * 100:.1f}".replace(".", ",") + "\u00a0%"


def test_weighted_shares_of_one_item_add_up(results: Results) -> None:
    values = [results.get("q1", "share_weighted", str(c)).value or 0 for c in range(1, 6)]
    assert sum(values) == pytest.approx(1, abs=0.003)


def test_merged_units_have_a_row_without_numbers_and_their_group_has_numbers(
    results: Results,
) -> None:
    unit = results.get("q1", "share", by="department", domain="equality")
    assert (unit.status, unit.value, unit.base_n) == (Status.MERGED, None, None)
    group = next(
        row for row in results.select("q1", "top2", "department") if "equality" in row.domain
    )
    assert (group.status, group.base_N) == (Status.MERGED, 100)
    assert group.value is not None


def test_the_response_rate_counts_ballots(results: Results) -> None:
    row = results.get("", "response_rate")
    assert (row.value, row.printed) == (5430 / 22000, "24,7\u00a0%")
    unknown = results.get("", "response_rate", by="department", domain="no_answer")
    assert (unknown.value, unknown.status) == (None, Status.NOT_COMPUTABLE)


def test_every_claim_is_adjusted_in_one_family(results: Results) -> None:
    rows = [row for row in results if row.statistic == "diff_rest_p" and row.value is not None]
    groups = {row.domain for row in rows if row.domain_variable == "department"}
    # a ranking of 4 and top2 and net of 2 ratings, by department and once for the two workplaces
    assert rows[0].note == f"Holm über {len(groups) * 8 + 8} Vergleiche"
    assert all(row.note == rows[0].note for row in rows)


def test_a_claim_goes_by_the_groups_weighting_cells(results: Results) -> None:
    released = results.release
    context = Context(released, design_of(released.study))
    table, whole, cells = (released.tables["q1", by] for by in ("department", EVERYBODY, WEIGHTING))
    shares, _ = rating_contrasts(context, table, whole, cells)
    place = shares.evened[0]
    own = shares.place.domains[place].code
    names = [domain.code.partition("*")[0] for domain in cells.domains]
    known = np.array([domain.headcount is not None for domain in cells.domains])
    N = np.array([float(domain.headcount or 0) for domain in cells.domains])
    top = cells.answers[:, 3:].sum(axis=1) / cells.base
    mine = known & np.array([name == own for name in names])
    rest = known & ~mine
    expected = np.average(top[mine], weights=N[mine]) - np.average(top[rest], weights=N[rest])
    assert shares.found is not None
    assert shares.found.interval.value[0, 0] == pytest.approx(expected)
    row = results.get("q1", "diff_rest_weighted", "top2", by="department", domain=own)
    assert row.value == pytest.approx(expected, abs=0.006)
    assert row.low is not None
    bare = results.get("q1", "diff_rest", "top2", by="department", domain=own)
    assert (bare.low, bare.se) == (None, None)


def test_screening_is_never_stricter_than_a_claim(results: Results) -> None:
    for row in results.select(statistic="diff_rest_q"):
        where = {"by": row.domain_variable, "domain": row.domain}
        claim = results.get(row.item, "diff_rest_p", row.category, **where)
        if row.value is not None:
            assert claim.value is not None
            assert row.value <= claim.value + 1e-12


def test_two_groups_are_one_claim_with_opposite_signs(results: Results) -> None:
    where = [
        results.find("q1", "diff_rest", "top2", by="workplace", domain=d) for d in ("desk", "yard")
    ]
    one, other = (row.value for row in where if row is not None)
    assert one == pytest.approx(-(other or 0))


def test_rows_follow_the_questionnaire(results: Results) -> None:
    items = list(dict.fromkeys(row.item for row in results))
    assert items == ["", "leader", "q1", "q2", "r", "motto"]


def test_a_motto_has_possible_places(results: Results) -> None:
    row = results.get("motto", "rank_set", "x")
    assert (row.low, row.high) == (1, 3)
    assert results.get("motto", "rank_set_weighted", "x").low == 1


def test_an_opt_in_study_has_shares_and_nothing_that_infers(opted_in: Results) -> None:
    assert opted_in.get("q1", "share", "4").value is not None
    for row in opted_in:
        assert (row.se, row.low, row.high, row.level, row.n_eff) == (None,) * 5
        assert "weighted" not in row.statistic
        assert not row.statistic.startswith(("diff_rest", "bound", "tipping"))
        if row.statistic == "rank_set":
            assert (row.value, row.status) == (None, Status.NOT_COMPUTABLE)


def test_an_item_that_nobody_answered_says_so(tmp_path: Path, answers: Columns) -> None:
    silent = answers | {"q1": np.full_like(answers["q1"], -1)}
    found = study_results(stored(tmp_path, silent, cityhall.city_frame()))
    rows = found.select("q1")
    assert rows
    for row in rows:
        assert row.statistic == "missing" or row.value is None, row


def test_a_small_study_and_a_full_count_give_statuses_not_warnings(tmp_path: Path) -> None:
    few = {name: column[:40] for name, column in columns().items()}
    frame = Frame(("department", "workplace"), {("youth", "desk"): 20, ("youth", "yard"): 20})
    found = study_results(stored(tmp_path, few, frame))
    row = found.get("leader", "share", "yes")
    assert (row.method, row.low) == ("full_count", None)
    assert "alle haben geantwortet" in row.note


def test_the_table_prints_as_csv_and_json(results: Results) -> None:
    lines = list(csv.reader(io.StringIO(as_csv(results))))
    assert tuple(lines[0]) == COLUMNS == tuple(field.name for field in fields(Estimate))
    assert len(lines) == len(results.rows) + 1
    objects = json.loads(as_json(results))
    assert [list(objects[0]), len(objects)] == [list(COLUMNS), len(results.rows)]
    place = next(i for i, row in enumerate(results) if row.item == "q1")
    line, row = dict(zip(COLUMNS, lines[place + 1], strict=True)), results.rows[place]
    assert float(line["value"]) == row.value == objects[place]["value"]
    assert line["domain_variable"] == EVERYBODY


def test_the_command_writes_a_file_or_the_standard_output(
    tmp_path: Path, answers: Columns, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    home = Home(tmp_path / "home")
    store_data_set(home, stored(tmp_path, answers, cityhall.city_frame()).path)
    place = ["--home", str(home.path), "estimates", "city"]
    assert run(reports, place, "reports") == 0
    printed = capfdbinary.readouterr().out
    out = tmp_path / "estimates.csv"
    assert run(reports, [*place, "--out", str(out)], "reports") == 0
    assert out.read_bytes() == printed
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_an_unknown_study_is_a_sentence_and_status_1(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(reports, ["--home", str(tmp_path), "estimates", "nowhere"], "reports") == 1
    assert "nowhere" in capfd.readouterr().err


@pytest.mark.parametrize("method", ["agresti_coull", "clopper_pearson"])
def test_other_limits_change_nothing_but_the_limits_of_shares(
    results: Results, opted_in: Results, method: str
) -> None:
    other = with_limits(results, method)
    changed = [(a, b) for a, b in zip(results, other, strict=True) if a != b]
    assert {a.statistic for a, _ in changed} == {"share", "top2", "bottom2", "first", "top_k"}
    for before, after in changed:
        assert (after.value, after.se, after.printed) == (before.value, before.se, before.printed)
        assert after.low is not None
        assert after.high is not None
        assert after.low <= (after.value or 0) <= after.high
        assert after.method.startswith(method)
    assert with_limits(opted_in, method) == opted_in
