"""More ballots than people: what needs the headcount is not computable, and says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cityhall
import numpy as np
import pytest

from reports import rank_wording, summaries
from reports.assembly.comparisons import OTHERS_OVERFULL
from reports.assembly.rows import OVERFULL
from reports.estimates import Estimate, Results
from reports.results import study_results
from reports.tables import Status
from survey.codebook import Codebook
from survey.study import Frame


def results(path: Path, frame: Frame, book: Codebook | None = None) -> Results:
    made = cityhall.store(
        path / "data.zip", cityhall.study(frame), book or cityhall.city_codebook(),
        cityhall.city_columns(),
    )  # fmt: skip
    return study_results(made)


def smaller(heads: Mapping[str, float]) -> Frame:
    """The frame of the city with the headcounts of some departments multiplied."""
    frame = cityhall.city_frame()
    cells = {
        cell: max(1, round(count * heads.get(cell[0], heads.get("", 1))))
        for cell, count in frame.counts.items()
    }
    return replace(frame, counts=cells)


@pytest.fixture(scope="module")
def everywhere(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return results(tmp_path_factory.mktemp("all"), smaller({"": 0.2}))


@pytest.fixture(scope="module")
def youth(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return results(tmp_path_factory.mktemp("one"), smaller({"youth": 0.15}))


def impossible(row: Estimate | None) -> bool:
    assert row is not None
    return (row.value, row.status, row.note) == (None, Status.NOT_COMPUTABLE, OVERFULL)


def test_too_many_ballots_leave_no_order_and_no_weighting(everywhere: Results) -> None:
    assert impossible(everywhere.get("", "response_rate"))
    assert impossible(everywhere.get("r", "rank_set", "a"))
    assert impossible(everywhere.get("r", "top_k_weighted"))
    assert impossible(everywhere.get("q1", "share_weighted"))
    compared = [row for row in everywhere if row.statistic.startswith("diff_rest")]
    assert compared
    assert all((row.value, row.status) == (None, Status.NOT_COMPUTABLE) for row in compared)
    found = summaries.ranking(everywhere, everywhere.release.codebook.question("r"))
    lead = rank_wording.lead(found)
    assert not lead.orders
    assert OVERFULL in lead.text


def test_one_department_with_too_many_ballots_is_compared_with_nobody(youth: Results) -> None:
    where = {"by": "department", "domain": "youth"}
    assert impossible(youth.find("", "response_rate", **where))
    assert impossible(youth.find("r", "diff_rest", "a", **where))
    assert impossible(youth.find("r", "diff_rest_p", "a", **where))
    assert impossible(youth.get("r", "top_k_weighted"))
    assert impossible(youth.get("", "deff"))
    assert youth.get("", "response_rate").value is not None
    other = youth.get("r", "diff_rest", "a", by="department", domain="fire")
    assert (other.value, other.note) == (None, OTHERS_OVERFULL)


def test_response_rates_of_one_table_have_the_same_decimals(tmp_path: Path) -> None:
    found = results(tmp_path, cityhall.city_frame())
    rates = found.select("", "response_rate", "department")
    printed = [row.printed for row in rates if row.value is not None]
    assert len(printed) > 20
    assert all(text[-4] == "," for text in printed)


def test_a_rate_near_zero_is_not_printed_as_zero(tmp_path: Path) -> None:
    few = {name: column[:60] for name, column in cityhall.city_columns().items()}
    frame = cityhall.city_frame()
    made = cityhall.store(
        tmp_path / "data.zip", cityhall.study(frame), cityhall.city_codebook(), few
    )
    assert study_results(made).get("", "response_rate").printed == "0,3\u00a0%"


def test_full_rankings_are_ordered_by_mean_rank(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    columns = cityhall.city_columns()
    n = len(columns["q1"])
    places = 1 + np.argsort(np.argsort(rng.normal([0, 0, 1, 1], 1.0, (n, 4)), axis=1), axis=1)
    columns |= {f"r_{name}": places[:, i] for i, name in enumerate("abcd")}
    book = cityhall.city_codebook()
    questions = tuple(replace(q, depth=4) if q.id == "r" else q for q in book.questions)
    made = cityhall.store(
        tmp_path / "data.zip", cityhall.study(cityhall.city_frame()),
        replace(book, questions=questions), columns,
    )  # fmt: skip
    found = study_results(made)
    assert found.get("r", "top_k", "a").value == 1
    for suffix in ("", "_weighted"):
        rows = [found.get("r", "rank_set" + suffix, name) for name in "abcd"]
        assert [(row.low, row.high) for row in rows] == [(1, 2), (1, 2), (3, 4), (3, 4)]
        assert all(row.method == "mogstad_2024_mean_rank" for row in rows)
        assert all("mittleren Rang" in row.note for row in rows)
    assert found.get("r", "tipping_point").value is None
    summary = summaries.ranking(found, found.release.codebook.question("r"))
    assert summary.full
    assert summary.elements[0].plain_share.value == pytest.approx((places[:, 0] == 1).mean())
    difference = found.find("r", "diff_rest", "a", by="department", domain="youth")
    assert difference is not None
    assert difference.value != 0


def test_nobody_who_states_a_department_leaves_no_order(tmp_path: Path) -> None:
    columns = cityhall.city_columns()
    silent = np.full_like(columns["q1"], -1)
    made = cityhall.store(
        tmp_path / "data.zip", cityhall.study(cityhall.city_frame()), cityhall.city_codebook(),
        columns | {"department": silent, "workplace": silent},
    )  # fmt: skip
    found = study_results(made)
    ranking = summaries.ranking(found, found.release.codebook.question("r"))
    assert all(e.places is None and e.plain_places is not None for e in ranking.elements)
    lead = rank_wording.lead(ranking)
    assert not lead.orders
    assert lead.text.startswith("Eine tragfähige Gewichtung war nicht möglich")
