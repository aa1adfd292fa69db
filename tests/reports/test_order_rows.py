"""Effects of shown orders: lists with entries that keep the end, shuffled pages and blocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from asked import item, made
from numpy.typing import NDArray

from reports.assembly.orders import TOO_FEW
from reports.estimates import Results
from reports.tables import Status
from survey.codebook import Question
from survey.orders import balanced_orders
from survey.shuffles import Shuffle

Ints = NDArray[np.int64]
OPTIONS = [{"code": c, "label": c.upper()} for c in "abc"]
CHOICE = item("single", "wish", options=[*OPTIONS, {"code": "none", "label": "?", "last": True}])
STEPS = [{"code": i, "label": str(i)} for i in range(1, 5)]
LIST = item("grid", "list", rows=OPTIONS[:2], options=STEPS)
QUESTIONS: tuple[Question, ...] = (*CHOICE.questions(), *LIST.questions())


def stored(columns: dict[str, Ints], drawn: Ints, moving: Sequence[str] = ()) -> dict[str, Any]:
    orders = range(int(drawn.max()) + 1)
    values = {
        name: [
            {
                str(v): int(n)
                for v, n in zip(*np.unique(c[drawn == o], return_counts=True), strict=True)
            }
            for o in orders
        ]
        for name, c in columns.items()
    }
    return {"shown": np.bincount(drawn).tolist(), "moving": list(moving), "values": values}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Results:
    rng, n = np.random.default_rng(4), 900
    drawn, page = rng.integers(0, 3, n), rng.integers(0, 2, n)
    first = np.array([order[0] + 1 for order in balanced_orders(3)])[drawn]
    wish = np.where(rng.random(n) < 0.3, first, rng.integers(1, 5, n))
    one = np.clip(rng.integers(1, 5, n) + page, 1, 4)
    other = rng.integers(1, 5, n)
    columns = {"wish": wish, "list_a": one, "list_b": other}
    orders = {
        "wish": stored({"wish": wish}, drawn, "abc"),
        "page:first": stored(columns, page),
        "blocks:themes": stored({"list_b": other}, np.arange(n) % 40),
    }
    path: Path = tmp_path_factory.mktemp("orders")
    return made(path, columns, QUESTIONS, orders=orders)


def test_an_entry_that_keeps_the_end_has_no_part_in_the_effect(rows: Results) -> None:
    row = rows.get("wish", "order_effect")
    assert row.value == pytest.approx(0.3, abs=0.08)
    assert row.low is not None
    assert row.low > 0


def test_a_shuffled_page_shows_whether_answers_depend_on_its_order(rows: Results) -> None:
    found = rows.get("list_a", "order_p", "page:first")
    assert (found.method, (found.value or 1) < 0.001) == ("kruskal_wallis", True)
    assert (rows.get("list_b", "order_p", "page:first").value or 0) > 0.001
    strong = rows.get("list_a", "order_v", "page:first")
    weak = rows.get("list_b", "order_v", "page:first")
    assert (strong.value or 0) > (weak.value or 0) >= 0
    assert rows.get("wish", "order_p", "page:first").method == "chi_square"


def test_too_few_answers_under_an_order_say_so(rows: Results) -> None:
    row = rows.get("list_b", "order_p", "blocks:themes")
    assert (row.value, row.status, row.note) == (None, Status.NOT_COMPUTABLE, TOO_FEW)


def test_the_record_of_a_list_names_the_entries_that_move() -> None:
    assert Shuffle("wish", 3, (CHOICE,)).moving == ("a", "b", "c")
    assert Shuffle("list", 2, (LIST,)).moving == ("a", "b")
    assert Shuffle("page:first", 2, (CHOICE, LIST)).moving == ()
