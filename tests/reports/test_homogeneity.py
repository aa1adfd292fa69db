from __future__ import annotations

from pathlib import Path

import numpy as np
from cityhall import (
    SCALE,
    choice,
    city_codebook,
    city_columns,
    city_frame,
    names,
    store,
    study,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reports.disclosure import release
from reports.results import results_of
from reports.tables import EVERYBODY, Release, Status
from survey.codebook import Codebook, Question, Role

DISTRICTS = ("north", "south", "west", "east")


def released(path: Path, answers: dict[int, list[int]], *, sensitive: bool = False) -> Release:
    """An open study by district; ``answers`` holds the answers to one question by district."""
    item = choice("q1", SCALE)
    item = Question(item.id, item.text, item.scale, None, item.variables, sensitive=sensitive)
    codebook = Codebook(
        "city", "0" * 64, "1", "de",
        (choice("district", names(DISTRICTS), Role.DISTRICT, "Bezirk"), item),
    )  # fmt: skip
    columns = {
        "district": np.repeat(list(answers), [len(found) for found in answers.values()]),
        "q1": np.concatenate([np.array(found) for found in answers.values()]),
    }
    path.unlink(missing_ok=True)
    return release(store(path, study(None), codebook, columns))


MIXED = [1, 2, 3, 4, 5] * 8


def test_a_small_group_of_one_mind_tells_its_base_and_no_more(tmp_path: Path) -> None:
    found = released(tmp_path / "a.zip", {1: [1] * 12, 2: MIXED, 3: MIXED, 4: MIXED})
    table = found.tables["q1", "district"]
    assert [domain.code for domain in table.domains] == ["south", "west", "north+east"]
    assert dict(table.of_one_mind) == {"north": 12}
    assert {d.code: status for d, status in table.withheld} == {
        "north": Status.HOMOGENEOUS,
        "east": Status.MERGED,
    }
    rows = [r for r in results_of(found) if r.domain == "north" and r.item == "q1"]
    assert [(r.statistic, r.value, r.base_n, r.status, r.printed) for r in rows] == [
        ("share", None, 12, Status.HOMOGENEOUS, "≥\u00a090\u00a0%")
    ]
    assert len(found.ballots["district"]) == 4


def test_a_large_group_of_one_mind_is_shown_unless_the_item_is_sensitive(tmp_path: Path) -> None:
    answers = {1: [1] * 58 + [2] * 2, 2: MIXED, 3: MIXED, 4: MIXED}
    for sensitive, alone in ((False, True), (True, False)):
        found = released(tmp_path / "a.zip", answers, sensitive=sensitive)
        assert (found.tables["q1", "district"].row("north") is not None) is alone
        assert found.tables["q1", EVERYBODY].domains


def test_a_sibling_that_would_give_it_away_is_not_enough(tmp_path: Path) -> None:
    """Nobody in the east chose what eleven of twelve in the north chose: the sum would tell."""
    answers = {1: [1] * 11 + [2], 2: MIXED, 3: MIXED, 4: [2, 3, 4, 5] * 5}
    found = released(tmp_path / "a.zip", answers)
    (group,) = [d for d in found.tables["q1", "district"].domains if "north" in d.members]
    assert set(group.members) == {"north", "west", "east"}


def test_two_groups_of_one_mind_hide_each_other_only_if_they_differ(tmp_path: Path) -> None:
    same = released(tmp_path / "a.zip", {1: [1] * 12, 2: [1] * 14, 3: MIXED, 4: MIXED})
    codes = [domain.code for domain in same.tables["q1", "district"].domains]
    assert "north+south" not in codes
    assert dict(same.tables["q1", "district"].of_one_mind) == {"north": 12, "south": 14}


def test_a_base_is_not_told_where_it_would_leave_a_small_one(tmp_path: Path) -> None:
    found = released(tmp_path / "a.zip", {1: [1] * 12, 2: [1, 2, 3], 3: MIXED, 4: MIXED})
    for table in (found.tables["q1", "district"],):
        for domain in table.domains:
            told = [table.of_one_mind[code] for code in domain.members if code in table.of_one_mind]
            rest = int(table.base[table.domains.index(domain)]) - sum(told)
            assert rest == 0 or rest >= 10


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    groups=st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([0.3, 0.9, 1.0])), min_size=4, max_size=4
    ),
    seed=st.integers(0, 999),
    sensitive=st.booleans(),
)
def test_no_shown_group_below_everybody_is_of_one_mind(
    tmp_path: Path, groups: list[tuple[int, float]], seed: int, sensitive: bool
) -> None:
    rng = np.random.default_rng(seed)
    answers = {
        place: np.where(rng.random(n) < share, place % 2 + 1, rng.integers(1, 6, n)).tolist()
        for place, (n, share) in enumerate(groups, start=1)
    }
    if not sum(len(found) for found in answers.values()):
        return
    found = released(tmp_path / "a.zip", answers, sensitive=sensitive)
    table = found.tables["q1", "district"]
    for row in table.answers:
        n = int(row.sum())
        assert n >= 10
        assert row.max() < 0.9 * n or (n >= 30 and not sensitive)
    for domain, n in zip(table.domains, table.base, strict=True):
        told = [table.of_one_mind[code] for code in domain.members if code in table.of_one_mind]
        assert n - sum(told) == 0 or n - sum(told) >= 10
        assert all(base >= 10 for base in told)


def test_half_the_answers_of_a_kind_is_not_one_mind(tmp_path: Path) -> None:
    found = released(tmp_path / "a.zip", {1: [1] * 6 + [2] * 6, 2: MIXED, 3: MIXED, 4: MIXED})
    assert not found.tables["q1", "district"].of_one_mind


def test_a_cell_of_one_mind_leaves_its_department_whole(tmp_path: Path) -> None:
    columns = city_columns()
    inside = (columns["department"] == 8) & (columns["workplace"] == 1)
    inside &= np.cumsum(inside) <= 14
    few = (columns["department"] == 8) & (columns["workplace"] == 1) & ~inside
    silent = (columns["department"] == 8) & (columns["workplace"] < 0)
    columns["workplace"] = np.where(few | silent, 2, columns["workplace"])
    columns["q1"] = np.where(inside, 3, columns["q1"])
    found = release(store(tmp_path / "c.zip", study(city_frame()), city_codebook(), columns))
    codes = [domain.code for domain in found.tables["q1", "weighting"].domains]
    assert "roads" in codes
    assert "roads*desk" in [domain.code for domain, _ in found.ballots["weighting"]]
