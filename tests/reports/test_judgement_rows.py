"""Rows of comparisons, points, numbers, dates, passages, tied rankings and shown orders."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asked import Columns, item, made
from compared import compared
from numpy.typing import NDArray

from reports.classes import NEEDS
from reports.estimates import Estimate, Results
from reports.protection import MINIMUM
from reports.tables import Status
from survey.codebook import Code, Question, Role, Scale, Variable
from survey.items import ITEM_TYPES
from survey.items.base import Item
from survey.orders import balanced_orders

Ints = NDArray[np.int64]


CODES = [{"code": c, "label": c.upper()} for c in "abcd"]


STANCES = [{"code": c, "label": c} for c in ("fits", "unclear", "change")]
ITEMS: tuple[Item, ...] = (
    item("best_worst", "bw", best="best", worst="worst", options=CODES),
    item("pairwise", "duel", equal="equal", options=CODES),
    item("points", "pts", options=CODES, sum_to=10),
    item("number", "years", max=60, unit="Jahre"),
    item("date", "visit", min="2020-01-01", max="2027-12-31"),
    item("passage", "t1", passage="One.", options=STANCES),
    item("passage", "t2", passage="Two.", options=STANCES),
    item("passage", "t3", passage="Three.", options=STANCES),
    item("ranking", "order", options=CODES, depth=2, shuffle=True),
)
QUESTIONS = tuple(question for one in ITEMS for question in one.questions())


def question(id: str) -> Question:
    return next(found for found in QUESTIONS if found.id == id)


def judged(rng: np.random.Generator, n: int) -> Columns:
    """Answers in which a is best liked and d least, everything complete."""
    taste = (1.0, 0.4, 0.0, -1.0)
    columns = compared(QUESTIONS, rng, n, taste, (0.5, 0.3, 0.2, 0.0))
    columns["years"] = rng.integers(0, 41, n)
    columns["visit"] = rng.integers(44_000, 46_000, n)
    for name, split in (("t1", (0.9, 0.05, 0.05)), ("t2", (0.4, 0.3, 0.3)), ("t3", (0.5, 0.5, 0))):
        columns[name] = rng.choice([1, 2, 3], size=n, p=split)
    ranks = np.argsort(np.argsort(-(np.array(taste) + rng.gumbel(size=(n, 4))), axis=1), axis=1) + 1
    columns |= {
        f"order_{c}": np.where(ranks[:, i] < 3, ranks[:, i], 0) for i, c in enumerate("abcd")
    }
    return columns


def shown_orders(columns: Mapping[str, Ints], rng: np.random.Generator) -> dict[str, Any]:
    n = len(columns["years"])
    drawn = rng.integers(0, len(balanced_orders(4)), n)
    names = [variable.name for variable in question("order").variables]
    values = {
        name: [
            {str(v): int(((drawn == o) & (columns[name] == v)).sum()) for v in (0, 1, 2)}
            for o in range(4)
        ]
        for name in names
    }
    return {"order": {"shown": np.bincount(drawn, minlength=4).tolist(), "values": values}}


@pytest.fixture(scope="module")
def columns() -> Columns:
    return judged(np.random.default_rng(5), 600)


@pytest.fixture(scope="module")
def census(tmp_path_factory: pytest.TempPathFactory, columns: Columns) -> Results:
    orders = shown_orders(columns, np.random.default_rng(1))
    return made(tmp_path_factory.mktemp("census"), columns, QUESTIONS, orders=orders)


@pytest.fixture(scope="module")
def opted_in(tmp_path_factory: pytest.TempPathFactory, columns: Columns) -> Results:
    orders = shown_orders(columns, np.random.default_rng(1))
    return made(tmp_path_factory.mktemp("open"), columns, QUESTIONS, census=False, orders=orders)


def values(rows: Results, item: str, statistic: str) -> list[float]:
    return [row.value for row in rows.select(item, statistic) if row.value is not None]


def test_every_kind_of_question_has_its_statistics(census: Results) -> None:
    found = {(row.item, row.statistic) for row in census if row.value is not None}
    wanted = {
        "bw": ("best_worst", "rank_set", "worth", "worth_quasi_se"),
        "duel": ("worth", "worth_quasi_se", "worth_tie"),
        "pts": ("points", "points_zero", "points_trimmed", "rank_set"),
        "years": ("class_share", "median", "quantile"),
        "visit": ("class_share", "median", "quantile"),
        "t1": ("share", "disagreement", "disputed_place"),
        "order": (
            "borda", "condorcet", "smith", "schulze", "kemeny", "worth", "kendall_w", "friedman_p",
            "pairwise_tie", "order_effect",
        ),
    }  # fmt: skip
    for asked, statistics in wanted.items():
        assert {(asked, name) for name in statistics} <= found


def test_scores_follow_the_taste_that_was_drawn(census: Results) -> None:
    for asked, statistic in (
        ("bw", "best_worst"),
        ("bw", "worth"),
        ("duel", "worth"),
        ("order", "worth"),
    ):
        found = values(census, asked, statistic)
        assert found == sorted(found, reverse=True)
    assert sum(values(census, "duel", "worth")) == pytest.approx(1)
    assert [row.printed for row in census.select("order", "condorcet")] == ["ja", *["nein"] * 3]


def test_mean_points_add_up_to_what_was_shared_out(census: Results, columns: Columns) -> None:
    assert sum(values(census, "pts", "points")) == pytest.approx(10)
    row = census.get("pts", "points", "a")
    shared = columns["pts_a"]
    assert row.value == pytest.approx(shared.mean())
    assert row.se == pytest.approx(shared.std(ddof=1) / np.sqrt(600) * np.sqrt(0.7))
    assert census.get("pts", "points_zero", "d").value == 1.0
    assert census.get("pts", "points", "d").low is None


def test_best_worst_scores_are_those_of_the_ballots(census: Results, columns: Columns) -> None:
    best = sum((columns[f"bw_s{s}_best"] == 1).sum() for s in range(1, 5))
    worst = sum((columns[f"bw_s{s}_worst"] == 1).sum() for s in range(1, 5))
    assert census.get("bw", "best_worst", "a").value == pytest.approx((best - worst) / 1800)


def test_an_opt_in_study_has_values_without_any_limit(opted_in: Results) -> None:
    for row in opted_in:
        assert (row.se, row.low, row.high, row.level) == (None,) * 4, row
    assert values(opted_in, "bw", "best_worst")
    assert values(opted_in, "t2", "disputed_place") == [1.0]
    assert not values(opted_in, "order", "friedman_p")


def test_no_class_names_fewer_than_ten_people(tmp_path: Path) -> None:
    assert NEEDS == MINIMUM
    few = np.concatenate([np.full(30, 3), np.full(30, 12), [59, 58]]).astype(np.int64)
    rows = made(tmp_path, {"years": few}, [question("years")])
    classes = rows.select("years", "class_share")
    assert sum((row.value or 0) * 62 for row in classes) == pytest.approx(62)
    assert all((row.value or 0) * 62 >= 10 for row in classes)
    assert not any("59" in row.category or "58" in row.category for row in classes)


def test_quartiles_of_numbers_lie_where_those_of_the_answers_lie(
    census: Results, columns: Columns
) -> None:
    median = census.get("years", "median")
    assert median.value == pytest.approx(np.median(columns["years"]), abs=2)
    assert median.low is not None
    assert median.high is not None
    assert median.low <= median.value <= median.high  # type: ignore[operator]
    day = census.get("visit", "median")
    assert day.value == pytest.approx(np.median(columns["visit"]), abs=120)
    assert day.printed.count(".") == 2


def test_the_most_disputed_passage_is_first(census: Results) -> None:
    assert values(census, "t2", "disputed_place") == [1.0]
    row = census.get("t1", "disputed_place")
    assert (row.value, row.low, row.high, row.base_n) == (3.0, 3.0, 3.0, 600)


def test_a_drawn_order_without_effect_has_zero_in_its_interval(census: Results) -> None:
    row = census.get("order", "order_effect")
    assert row.low is not None
    assert row.high is not None
    assert row.low < 0 < row.high


def test_an_effect_of_the_order_is_found(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    n = 800
    drawn = rng.integers(0, 4, n)
    orders = balanced_orders(4)
    pull = np.zeros((n, 4))
    for o, order in enumerate(orders):
        pull[drawn == o, order[0]] += 1.0
    ranks = np.argsort(np.argsort(-(pull + rng.gumbel(size=(n, 4))), axis=1), axis=1) + 1
    columns = {
        f"order_{c}": np.where(ranks[:, i] < 3, ranks[:, i], 0) for i, c in enumerate("abcd")
    }
    names = list(columns)
    stored = {
        name: [
            {str(v): int(((drawn == o) & (columns[name] == v)).sum()) for v in (0, 1, 2)}
            for o in range(4)
        ]
        for name in names
    }
    shown = {"order": {"shown": np.bincount(drawn, minlength=4).tolist(), "values": stored}}
    rows = made(tmp_path, columns, [question("order")], orders=shown)
    row = rows.get("order", "order_effect")
    assert row.value == pytest.approx(0.37, abs=0.08)
    assert row.low is not None
    assert row.low > 0


def tied_rankings() -> tuple[Question, Columns]:
    """Ballots with ties that, broken by candidate number, would elect the first element."""
    variables = tuple(
        Variable(
            f"tied_{c}", c, Scale.RANK, tuple(Code(p, str(p), str(p)) for p in (1, 2, 3, 0)), c
        )
        for c in "abc"
    )
    asked = Question("tied", "?", Scale.RANK, Role.RANKING, variables, "Tied", 3)
    ballots = np.array([[1, 1, 2]] * 50 + [[2, 1, 3]] * 40 + [[1, 2, 3]] * 30)
    return asked, {f"tied_{c}": ballots[:, i] for i, c in enumerate("abc")}


def test_explicit_ties_decide_and_candidate_numbers_do_not(tmp_path: Path) -> None:
    asked, columns = tied_rankings()
    rows = made(tmp_path, columns, [asked])
    assert [row.printed for row in rows.select("tied", "condorcet")] == ["nein", "ja", "nein"]
    sentence = "Auf den Stimmzetteln gewinnt „b“ jeden Vergleich; am knappsten gegen „a“: 40 zu 30"
    assert rows.get("tied", "condorcet", "b").note == f"{sentence}, 50 gleichauf."
    assert values(rows, "tied", "kemeny") == [2.0, 1.0, 3.0]
    assert values(rows, "tied", "schulze") == [2.0, 1.0, 3.0]
    assert rows.get("tied", "pairwise_tie", "a=b").value == pytest.approx(50 / 120)
    assert rows.get("tied", "mean_rank", "b").value == pytest.approx((50 * 1.5 + 40 + 60) / 120)
    broken = {name: column.copy() for name, column in columns.items()}
    broken["tied_b"][:50], broken["tied_c"][:50] = 2, 3
    other = made(tmp_path, broken, [asked])
    assert [row.printed for row in other.select("tied", "condorcet")] == ["ja", "nein", "nein"]
    assert "gewinnt „a“" in other.get("tied", "condorcet", "a").note
    assert values(other, "tied", "kemeny") == [1.0, 2.0, 3.0]


def test_known_elements_have_worths_and_no_mean_ranks(tmp_path: Path, columns: Columns) -> None:
    known = item("ranking", "order", options=CODES, depth=2, unplaced="unknown")
    rows = made(tmp_path, columns, known.questions())
    lower = made(tmp_path, columns, [question("order")])
    assert not values(rows, "order", "mean_rank")
    assert not values(rows, "order", "rank_set")
    one, other = (values(found, "order", "worth") for found in (rows, lower))
    assert len(one) == len(other) == 4
    assert one != pytest.approx(other, abs=1e-3)


HOSTILE: dict[str, Columns] = {
    "nobody answered": {v.name: np.full(40, -1) for q in QUESTIONS for v in q.variables},
    "everybody is alike": {v.name: np.full(40, 1) for q in QUESTIONS for v in q.variables},
    "ten people": {},
    "more ballots than people": {},
}


@pytest.mark.parametrize("case", HOSTILE)
@pytest.mark.parametrize("census", [True, False])
def test_bad_input_gives_a_reason_and_never_a_nan(
    tmp_path: Path, case: str, census: bool, columns: Columns
) -> None:
    answers = HOSTILE[case]
    if not answers:
        n = 10 if case == "ten people" else 600
        answers = {name: column[:n] for name, column in columns.items()}
    alike = {v.name: np.full(40, (1, 2, 0, 0)[p]) for q in QUESTIONS if q.id == "order"
             for p, v in enumerate(q.variables)}  # fmt: skip
    if case == "everybody is alike":
        answers = answers | alike
        for variable in question("bw").variables:
            codes = [code.value for code in variable.answers]
            answers[variable.name] = np.full(
                40, codes[0 if variable.element.endswith("best") else 1]
            )
        for variable in question("duel").variables:
            answers[variable.name] = np.full(40, variable.answers[0].value)
    rows = made(tmp_path, answers, QUESTIONS, census=census, people=300)
    for row in rows:
        assert_sound(row)


def assert_sound(row: Estimate) -> None:
    numbers = (row.value, row.se, row.low, row.high, row.n_eff)
    assert not any(value is not None and np.isnan(value) for value in numbers), row
    if row.value is None:
        assert row.note, row
        assert row.status is not Status.PUBLISHED, row


@pytest.mark.parametrize("elements", [1, 11, 200])
def test_any_number_of_elements_has_rows_or_reasons(tmp_path: Path, elements: int) -> None:
    options = [{"code": f"e{i}", "label": f"E{i}"} for i in range(elements)]
    asked = (
        ITEM_TYPES["ranking"]
        .model_validate({"id": "long", "type": "ranking", "text": "?", "options": options})
        .questions()[0]
    )
    rng = np.random.default_rng(2)
    ranks = np.argsort(rng.random((60, elements)), axis=1) + 1
    columns = {v.name: ranks[:, i] for i, v in enumerate(asked.variables)}
    rows = made(tmp_path, columns, [asked])
    for row in rows:
        assert_sound(row)
    assert {row.category for row in rows.select("long", "kemeny")} == set(asked.elements)
