from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from cityhall import (
    SCALE,
    choice,
    city_codebook,
    city_columns,
    city_frame,
    names,
    ranking,
    store,
    study,
)

from reports.disclosure import release
from reports.errors import DisclosureError
from reports.plan import Plan, default_plan, frame_questions
from reports.rules import DEFAULT_RULES, thresholds
from reports.tables import EVERYBODY, WEIGHTING, Domain, Joint, Release, Status, Table
from survey.codebook import Codebook, Question, Role, Scale, Variable
from survey.study import Frame


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Release:
    path = tmp_path_factory.mktemp("city") / "set.zip"
    return release(store(path, study(city_frame()), city_codebook(), city_columns()))


def small(path: Path, rules: dict[str, int] | None = None, **columns: list[int]) -> Release:
    """An open study by district with three units and one question."""
    codebook = Codebook(
        "city", "0" * 64, "1", "de",
        (choice("district", names(["north", "south", "west"]), Role.DISTRICT, "Bezirk"),
         choice("q1", SCALE)),
    )  # fmt: skip
    arrays = {name: np.array(column) for name, column in columns.items()}
    return release(store(path / "small.zip", study(None, rules), codebook, arrays))


def test_the_unit_with_two_answers_hides_behind_the_border_case(city: Release) -> None:
    table = city.tables["q1", "department"]
    (merged,) = [domain for domain in table.domains if domain.members]
    assert merged.members == ("audit", "equality")
    assert merged.label == "Weitere Dienststellen (2)"
    assert merged.headcount == 100
    assert table.row("equality") is None
    assert table.row("audit") is None
    assert {d.code: s for d, s in table.withheld} == {
        "audit": Status.MERGED,
        "equality": Status.MERGED,
    }


def test_no_released_group_has_fewer_than_ten_answers(city: Release) -> None:
    assert all(table.base.min(initial=10) >= 10 for table in city.tables.values())
    assert all(n >= 10 for rows in city.ballots.values() for _, n in rows)


def test_every_breakdown_adds_up_to_everybody(city: Release) -> None:
    for (name, by), table in city.tables.items():
        everybody = city.tables[name, EVERYBODY]
        assert table.values == everybody.values
        assert np.array_equal(table.counts.sum(axis=0), everybody.counts[0]), (name, by)
    totals = {by: sum(n for _, n in rows) for by, rows in city.ballots.items()}
    assert set(totals.values()) == {5430}


def test_weighting_cells_cover_everybody_on_the_staff_list(city: Release) -> None:
    cells = [domain for domain, _ in city.ballots[WEIGHTING]]
    assert sum(cell.headcount or 0 for cell in cells) == 22_000
    assert [cell.code for cell in cells if cell.headcount is None] == ["no_answer"]
    assert {"youth*desk", "youth*yard", "finance", "audit+equality"} <= {c.code for c in cells}


def test_joint_counts_of_a_ranking_agree_with_its_tables(city: Release) -> None:
    pairs, table = city.pairs["r", WEIGHTING], city.tables["r_b", WEIGHTING]
    assert pairs.domains == table.domains
    places = pairs.counts[:, 1, 1].diagonal(axis1=1, axis2=2)
    order = [table.values.index(place) for place in (0, 1, 2)]
    assert np.array_equal(places, table.counts[:, order])


def test_attributes_have_no_table_and_leadership_only_one_for_everybody(city: Release) -> None:
    variables = {name for name, _ in city.tables}
    assert "department" not in variables
    assert "workplace" not in variables
    assert [by for name, by in city.tables if name == "leader"] == [EVERYBODY]


def test_the_report_names_what_was_merged(city: Release) -> None:
    assert (
        "Nach „Dienststelle“ erscheinen gemeinsam als „Weitere Dienststellen (2)“: "
        "Audit und Equality." in city.report
    )


def test_a_table_made_by_hand_is_refused(city: Release) -> None:
    table = city.tables["q1", EVERYBODY]
    with pytest.raises(DisclosureError, match="gate"):
        Table(table.question, table.variable, "", (), (), (1,), np.zeros((0, 1), dtype=np.int64))
    with pytest.raises(DisclosureError, match="gate"):
        Joint("pairs", "r", table.question, "", (), np.zeros((0, 1, 1, 1, 1), dtype=np.int64))


def test_a_released_table_cannot_be_replaced_by_a_changed_one(city: Release) -> None:
    with pytest.raises((DisclosureError, ValueError, TypeError)):
        replace(city.tables["q1", EVERYBODY], by="department")
    with pytest.raises((DisclosureError, ValueError, TypeError)):
        replace(city, report=())


def test_released_counts_and_mappings_are_read_only(city: Release) -> None:
    table = city.tables["q1", "department"]
    with pytest.raises(ValueError, match="read-only"):
        table.counts[0, 0] = 99
    with pytest.raises(ValueError, match="read-only"):
        city.pairs["r", EVERYBODY].counts[0, 0, 0, 0, 0] = 99
    with pytest.raises((AttributeError, TypeError)):
        table.by = "x"  # type: ignore[misc]
    for mapping in (city.tables, city.joint, city.ballots, city.withheld, city.rules):
        with pytest.raises(TypeError):
            mapping["x"] = ()  # type: ignore[index]


def test_rules_may_only_be_raised() -> None:
    assert thresholds({}) == dict(DEFAULT_RULES)
    assert thresholds({"min_base": 25})["min_chapter"] == 25
    with pytest.raises(DisclosureError, match="min_base"):
        thresholds({"min_base": 9})
    with pytest.raises(DisclosureError, match="min_chapter"):
        thresholds({"min_chapter": 19})
    with pytest.raises(DisclosureError, match="unknown rule"):
        thresholds({"base": 30})


def test_a_study_that_lowers_a_threshold_gets_no_tables(tmp_path: Path) -> None:
    lowered = study(city_frame(), {"min_base": 5})
    data_set = store(tmp_path / "set.zip", lowered, city_codebook(), city_columns())
    with pytest.raises(DisclosureError, match="min_base is 5"):
        release(data_set)


@pytest.mark.parametrize("threshold", [15, 40, 120])
def test_a_raised_threshold_shows_fewer_units(
    city: Release, tmp_path: Path, threshold: int
) -> None:
    raised = study(city_frame(), {"min_base": threshold})
    found = release(store(tmp_path / "set.zip", raised, city_codebook(), city_columns()))
    for (name, by), table in found.tables.items():
        before = city.tables[name, by].domains
        assert len(table.domains) <= len(before)
        assert table.base.min(initial=threshold) >= threshold
        if by != WEIGHTING:
            alone = {domain.code for domain in table.domains if not domain.members}
            assert alone <= {domain.code for domain in before if not domain.members}


def test_a_raised_threshold_holds_in_open_studies_too(tmp_path: Path) -> None:
    districts = [1] * 50 + [2] * 40 + [3] * 12
    found = small(tmp_path, {"min_base": 20}, district=districts, q1=[1, 2] * 51)
    assert [domain.code for domain, _ in found.ballots["district"]] == ["north", "south+west"]


def test_fewer_than_ten_ballots_release_nothing(tmp_path: Path) -> None:
    found = small(tmp_path, district=[1, 1, 1, 2, 2, 3, 3, 3, 3], q1=[1, 2, 3, 4, 5, 1, 2, 3, 4])
    assert all(not table.domains for table in found.tables.values())
    assert all(table.withheld for table in found.tables.values())
    assert all(not rows for rows in found.ballots.values())
    assert found.tables["q1", "district"].withheld[0][1] is Status.NOT_SHOWN
    assert "Nach „Bezirk“ wird nichts ausgewiesen" in " ".join(found.report)


def test_an_item_answered_by_few_is_withheld_though_the_ballots_are_many(tmp_path: Path) -> None:
    found = small(tmp_path, district=[1] * 50 + [2] * 50, q1=[1] * 9 + [-1] * 91)
    assert not found.tables["q1", EVERYBODY].domains
    assert sum(n for _, n in found.ballots[EVERYBODY]) == 100


def test_districts_without_any_ballot_are_merged(tmp_path: Path) -> None:
    found = small(tmp_path, district=[1] * 50 + [2] * 30, q1=[1, 2] * 40)
    assert [domain.code for domain, _ in found.ballots["district"]] == ["north", "south+west"]


def test_an_item_with_a_small_base_in_one_unit_has_groups_of_its_own(tmp_path: Path) -> None:
    codes = [1] * 60 + [2] * 40 + [3] * 50
    q1 = [1] * 50 + [-1] * 10 + [2] * 6 + [-1] * 34 + [3] * 40 + [-1] * 10
    found = small(tmp_path, district=codes, q1=q1)
    assert len(found.ballots["district"]) == 3
    assert [d.code for d in found.tables["q1", "district"].domains] == ["north", "south+west"]
    assert found.tables["q1", "district"].counts.sum() == 150
    assert any("Bei einer Frage" in sentence for sentence in found.report)


def test_those_who_skipped_the_attribute_are_a_group(tmp_path: Path) -> None:
    found = small(tmp_path, district=[1] * 30 + [2] * 30 + [3] * 30 + [-1] * 12, q1=[1, 2] * 51)
    domain = found.ballots["district"][-1][0]
    assert domain == Domain("district", "no_answer", "Ohne Angabe", None)
    few = small(tmp_path / "..", district=[1] * 30 + [2] * 30 + [3] * 30 + [-1] * 4, q1=[1, 2] * 47)
    last = few.ballots["district"][-1][0]
    assert last.label == "West und ohne Angabe"
    assert last.members == ("west", "no_answer")


def test_few_of_a_kind_of_person_withhold_the_table_of_that_kind(tmp_path: Path) -> None:
    columns = city_columns()
    columns["leader"] = np.where(np.arange(len(columns["leader"])) < 7, 1, 2)
    found = release(store(tmp_path / "set.zip", study(None), city_codebook(), columns))
    assert not found.tables["leader", EVERYBODY].domains
    assert "„Leitung“" in found.report[-1]


def test_joint_counts_of_a_subset_of_answers_stay_inside_below_everybody(tmp_path: Path) -> None:
    columns = city_columns()
    columns["r_a"] = np.where(np.arange(len(columns["r_a"])) < 4, -1, columns["r_a"])
    found = release(store(tmp_path / "set.zip", study(city_frame()), city_codebook(), columns))
    assert found.pairs["r", EVERYBODY].domains
    assert not found.pairs["r", WEIGHTING].domains


def test_a_smaller_plan_shows_the_same_groups_as_the_full_one(
    city: Release, tmp_path: Path
) -> None:
    data_set = store(tmp_path / "set.zip", study(city_frame()), city_codebook(), city_columns())
    found = release(data_set, Plan((("q1", "department"),)))
    assert list(found.tables) == [("q1", "department")]
    assert np.array_equal(
        found.tables["q1", "department"].counts, city.tables["q1", "department"].counts
    )


@pytest.mark.parametrize(
    "table", [("leader", "department"), ("department", ""), ("q1", "leader"), ("q9", "")]
)
def test_a_table_outside_the_full_plan_is_refused(tmp_path: Path, table: tuple[str, str]) -> None:
    data_set = store(tmp_path / "set.zip", study(city_frame()), city_codebook(), city_columns())
    with pytest.raises(DisclosureError, match="no table"):
        release(data_set, Plan((table,)))


def test_open_studies_have_no_weighting_cells() -> None:
    assert WEIGHTING not in {by for _, by in default_plan(study(None), city_codebook()).tables}


def test_a_number_has_no_table_of_shares_and_a_text_neither() -> None:
    of_numbers = (("classes", "x", ""), ("sums", "x", ""))
    for scale, joint in ((Scale.NUMBER, of_numbers), (Scale.TEXT, ())):
        asked = Question("x", "X?", scale, None, (Variable("x", "X", scale),))
        plan = default_plan(study(None), Codebook("x", "", "1", "de", (asked,)))
        assert plan == Plan((), joint)


def test_headcounts_by_one_attribute_weight_by_it_alone(tmp_path: Path) -> None:
    frame = Frame(("department",), {(k,): n for k, n in city_frame().margin("department").items()})
    found = release(store(tmp_path / "set.zip", study(frame), city_codebook(), city_columns()))
    cells = found.ballots[WEIGHTING]
    assert [(d.code, n) for d, n in cells] == [(d.code, n) for d, n in found.ballots["department"]]
    assert {domain.variable for domain, _ in cells} == {"department"}
    assert sum(domain.headcount or 0 for domain, _ in cells) == 22_000


def test_headcounts_may_cross_two_known_attributes_at_most() -> None:
    three = Frame(("department", "workplace", "leader"), {("audit", "desk", "yes"): 3})
    with pytest.raises(DisclosureError, match="two attributes"):
        frame_questions(study(three), city_codebook())
    unknown = Frame(("department", "floor"), {("audit", "1"): 3})
    with pytest.raises(DisclosureError, match="floor"):
        frame_questions(study(unknown), city_codebook())


def test_an_attribute_must_be_a_single_choice() -> None:
    odd = replace(ranking(["a", "b"], 1), role=Role.DEPARTMENT)
    with pytest.raises(DisclosureError, match="single choice"):
        default_plan(study(None), Codebook("x", "", "1", "de", (odd,)))
