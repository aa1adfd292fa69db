"""What has left the house limits what may leave later."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from cityhall import choice, city_codebook, city_columns, city_frame, names, store, study
from numpy.typing import NDArray

from reports.errors import DisclosureError
from reports.ledger import Ledger, chain
from reports.releasing import file_results, record_erratum, released_results
from reports.tables import WEIGHTING
from survey.codebook import Codebook, Role
from survey.dataset import store_data_set
from survey.home import Home
from survey.study import Evaluation, Study, WeightMethod, Weights

NOW = datetime(2027, 6, 1, 12, tzinfo=UTC)
Columns = dict[str, NDArray[np.int64]]


class House:
    """A home that takes in data sets and releases what it may."""

    def __init__(self, path: Path) -> None:
        self.home = Home(path / "home")
        self.path, self.number = path, 0

    def take(
        self, columns: Columns, made: Study | None = None, codebook: Codebook | None = None
    ) -> None:
        self.number += 1
        path = self.path / f"{self.number}.zip"
        made = made or study(city_frame())
        store_data_set(self.home, store(path, made, codebook or city_codebook(), columns).path)

    def release(self, id: str = "city") -> tuple[int, ...]:
        attack = released_results(self.home, id, now=NOW).release.attack
        assert attack is not None
        return attack.compared

    @property
    def entries(self) -> int:
        return len(Ledger(self.home).entries())


@pytest.fixture
def house(tmp_path: Path) -> House:
    found = House(tmp_path)
    found.take(city_columns())
    assert found.release() == ()
    return found


def fewer(columns: Columns, number: int) -> Columns:
    return {name: column[number:] for name, column in columns.items()}


def again(columns: Columns, rows: list[int]) -> Columns:
    return {name: np.concatenate([column, column[rows]]) for name, column in columns.items()}


def test_the_same_release_is_allowed_twice_and_recorded_once(house: House) -> None:
    first, second = (released_results(house.home, "city", now=NOW) for _ in range(2))
    assert first.rows == second.rows
    assert first.release.attack == second.release.attack
    assert house.entries == 1


def test_a_release_one_respondent_later_is_refused_and_names_the_pair(house: House) -> None:
    house.take(again(city_columns(), [0]))
    with pytest.raises(DisclosureError) as refused:
        house.release()
    text = str(refused.value)
    assert "die Gesamtzahl (abgegebene Bögen) aus der Veröffentlichung Nr. 1 vom 2027-06-01" in text
    assert "Vorschlag: warten" in text
    assert "Erratum" in text
    assert house.entries == 1


def test_a_nested_release_is_refused(house: House) -> None:
    house.take(fewer(city_columns(), 7))
    with pytest.raises(DisclosureError, match="unterscheiden sich um weniger als 10 Personen"):
        house.release()


def test_one_changed_answer_is_refused_though_all_bases_stay(house: House) -> None:
    columns = city_columns()
    columns["q1"] = columns["q1"].copy()
    columns["q1"][50] = columns["q1"][50] % 5 + 1
    house.take(columns)
    with pytest.raises(DisclosureError, match="Frage q1"):
        house.release()


def test_many_new_ballots_of_which_few_are_of_one_department_are_refused(house: House) -> None:
    finance = np.flatnonzero(city_columns()["department"] == 12)[:3].tolist()
    house.take(again(city_columns(), [*range(200), *finance]))
    with pytest.raises(DisclosureError, match="die Gruppe „"):
        house.release()


def test_enough_new_ballots_everywhere_may_be_released(house: House) -> None:
    columns = city_columns()
    house.take(again(columns, list(range(len(columns["q1"])))))
    assert house.release() == (1,)
    assert house.entries == 2


def sited(columns: Columns) -> tuple[Columns, Codebook]:
    """A site that holds the whole fire department but four people."""
    site = np.full_like(columns["q1"], 1)
    site[np.flatnonzero(columns["department"] == 3)[:-4]] = 2
    book = city_codebook((choice("site", names(["offices", "depot"]), Role.DISTRICT, "Ort"),))
    return columns | {"site": site}, book


def test_a_release_by_another_crossing_is_refused_and_names_both(tmp_path: Path) -> None:
    house = House(tmp_path)
    columns, book = sited(city_columns())
    base = study(None)
    first = replace(base, evaluations=(Evaluation(items=("q1",), by=("department",)),))
    second = replace(base, evaluations=(Evaluation(items=("q1",), by=("site",)),))
    house.take(columns, first, book)
    assert house.release() == ()
    house.take(columns, second, book)
    with pytest.raises(DisclosureError) as refused:
        house.release()
    assert "nach „site“" in str(refused.value)
    assert "nach „department“ aus der Veröffentlichung Nr. 1" in str(refused.value)
    assert "zusammenfassen" in str(refused.value)


def raking(margins: tuple[str, ...] = ()) -> Study:
    return replace(study(city_frame()), weights=Weights(WeightMethod.RAKING, margins))


@pytest.mark.parametrize("change", ["a ballot more", "a ballot less", "an answer in one cell"])
def test_raked_figures_that_would_single_somebody_out_beside_earlier_ones_are_refused(
    tmp_path: Path, change: str
) -> None:
    """The cells that weights are raked from are in the ledger like every other table."""
    house, columns = House(tmp_path), city_columns()
    house.take(columns, raking())
    assert house.release() == ()
    changed = {"a ballot more": again(columns, [0]), "a ballot less": fewer(columns, 1)}
    if change not in changed:
        changed[change] = columns | {"q1": columns["q1"].copy()}
        changed[change]["q1"][50] = columns["q1"][50] % 5 + 1
    house.take(changed[change], raking())
    with pytest.raises(DisclosureError, match="unterscheiden sich um weniger als 10 Personen"):
        house.release()
    assert house.entries == 1


def test_another_weighting_of_the_same_ballots_shows_no_cell_that_was_not_shown(
    house: House,
) -> None:
    """Post-stratified before, raked now: two functions of the same published cells."""
    for margins in ((), ("workplace",)):
        house.take(city_columns(), raking(margins))
        assert house.release()[0] == 1
        found = released_results(house.home, "city", now=NOW)
        assert found.get("", "weight_deviation").value is not None
    first, *later = (
        {(table.item, table.by): table.counts.tolist() for table in entry.tables}
        for entry in Ledger(house.home).entries()
    )
    assert any(by == WEIGHTING for _, by in first)
    assert later == [first, first]


def test_weights_raked_over_other_cells_than_before_are_refused(tmp_path: Path) -> None:
    """Another cut of the same people leaves a few between both, whatever the weights say."""
    house, columns = House(tmp_path), city_columns()
    house.take(columns, raking())
    house.release()
    moved = columns | {"workplace": columns["workplace"].copy()}
    moved["workplace"][:4] = 3 - np.abs(columns["workplace"][:4])
    house.take(moved, raking())
    with pytest.raises(DisclosureError, match=r"abgelehnt.* Nr\. 1"):
        house.release()


def test_another_survey_that_holds_the_same_ballots_and_one_more_is_refused(house: House) -> None:
    house.take(again(city_columns(), [3]), replace(study(city_frame()), id="other"))
    with pytest.raises(DisclosureError, match=r"Nr\. 1 vom 2027-06-01 \(city\)"):
        house.release("other")


def test_another_survey_of_the_same_units_with_answers_of_its_own_may_be_released(
    house: House,
) -> None:
    house.take(city_columns(seed=9), replace(study(city_frame()), id="wave2"))
    assert house.release("wave2") == ()


def test_simulated_data_of_another_draw_may_follow(tmp_path: Path) -> None:
    house = House(tmp_path)
    drawn = replace(study(city_frame()), simulation=True)
    for seed in (1, 2):
        house.take(city_columns(seed), drawn)
        house.release()
    assert house.entries == 2


def test_a_small_correction_is_an_erratum_without_new_tables(house: House) -> None:
    first = released_results(house.home, "city", now=NOW)
    house.take(again(city_columns(), [0]))
    with pytest.raises(DisclosureError, match="Begründung"):
        record_erratum(house.home, "city", " ", now=NOW)
    record_erratum(house.home, "city", "Ein Papierbogen fehlte.", now=NOW)
    found = released_results(house.home, "city", now=NOW)
    assert found.rows == first.rows
    assert found.release.fingerprint == first.release.fingerprint
    assert found.release.errata == ("2027-06-01: Ein Papierbogen fehlte.",)


def test_an_erratum_needs_something_to_correct(house: House) -> None:
    with pytest.raises(DisclosureError, match="city: Es gibt keine Korrektur"):
        record_erratum(house.home, "city", "Nichts geschehen.", now=NOW)


@pytest.mark.parametrize("damage", ["changed", "removed", "swapped"])
def test_a_ledger_that_was_tampered_with_stops_every_release(house: House, damage: str) -> None:
    house.take(city_columns(seed=9), replace(study(city_frame()), id="wave2"))
    house.release("wave2")
    ledger = Ledger(house.home)
    first, second = ledger.text().splitlines(keepends=True)
    raw = json.loads(first)
    raw["tables"][0]["groups"][0]["counts"] = [5000]
    damaged = {
        "changed": json.dumps(raw, ensure_ascii=False) + "\n" + second,
        "removed": second,
        "swapped": second + first,
    }[damage]
    ledger.path.write_text(damaged, encoding="utf-8")
    with pytest.raises(DisclosureError, match="ab Zeile 1"):
        house.release()


def test_an_exported_ledger_can_be_checked_anywhere(house: House) -> None:
    (entry,) = chain(Ledger(house.home).text())
    assert (entry.study, entry.number, entry.kind) == ("city", 1, "release")
    assert all(table.counts.sum(axis=1).min() >= 10 for table in entry.tables)


def test_refusals_name_no_number_of_people(house: House) -> None:
    house.take(again(city_columns(), [0, 1, 2, 3]))
    with pytest.raises(DisclosureError) as refused:
        house.release()
    text = str(refused.value).replace("Nr. 1 vom", "")
    assert {word for word in text.split() if word.isdigit()} == {"10"}


def test_a_file_outside_a_home_has_its_ledger_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "analysis"
    folder.mkdir()
    columns = city_columns()
    first = store(folder / "first.zip", study(city_frame()), city_codebook(), columns)
    later = store(folder / "later.zip", study(city_frame()), city_codebook(), again(columns, [700]))
    assert len(file_results(first.path, now=NOW).rows) > 500
    file_results(first.path, now=NOW)
    (entry,) = Ledger(Home(folder)).entries()
    assert entry.fingerprint == first.fingerprint
    with pytest.raises(DisclosureError, match=r"Nr\. 1 vom 2027-06-01"):
        file_results(later.path, now=NOW)


def test_a_file_beside_which_nothing_can_be_recorded_is_not_read(tmp_path: Path) -> None:
    made = store(tmp_path / "set.zip", study(city_frame()), city_codebook(), city_columns())
    (tmp_path / "ledger").write_text("in the way", encoding="utf-8")
    with pytest.raises(DisclosureError, match="beschreibbaren Ordner"):
        file_results(made.path, now=NOW)
