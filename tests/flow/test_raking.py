"""A study that asks for raking, from its YAML to the sentence in the dossier."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from reports.assembly import weighting
from reports.beside import Beside
from reports.derivation import explained
from reports.disclosure import release
from reports.dossiers import DOSSIERS
from reports.estimates import Results
from reports.raking import Margin, rake, raked_means
from reports.results import results_of
from reports.row_numbers import address
from reports.tables import WEIGHTING, Release
from survey.dataset import DataSet
from survey.instrument import Questionnaire
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set
from survey.study import Weights

FIRST = "topics"
WANTED = """\
  weights:
    method: raking
    margins: [workplace, department]
"""


def asked(root: Path, folder: Path, weights: str) -> Questionnaire:
    """The shipped questionnaire of the staff with other weights."""
    shutil.copytree(root / "questionnaires" / "vision", folder)
    path = folder / "staff.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace("  expected_rate:", f"{weights}  expected_rate:"), "utf-8")
    return read_questionnaire(path)


@pytest.fixture(scope="module")
def data(root: Path, tmp_path_factory: pytest.TempPathFactory) -> DataSet:
    folder = tmp_path_factory.mktemp("raking")
    questionnaire = asked(root, folder / "vision", WANTED)
    return simulate_data_set(questionnaire, 3000, 7, folder / "data.zip")


@pytest.fixture(scope="module")
def released(data: DataSet) -> Release:
    return release(data)


@pytest.fixture(scope="module")
def results(released: Release) -> Results:
    return results_of(released)


def council(results: Results) -> str:
    compose = DOSSIERS["council"].compose
    assert compose is not None
    (dossier,) = compose(results, Beside())
    return "\n".join(text for section in dossier.sections for text in section.texts)


def test_raked_shares_and_errors_are_those_of_the_margins(results: Results) -> None:
    """Worked out from the cells in another way, by answers instead of moments."""
    item = results.select(statistic="top2_weighted", by="")[0].item
    table = results.release.tables[item, WEIGHTING]
    frame = results.release.study.frame
    assert frame is not None
    known = [place for place, domain in enumerate(table.domains) if domain.headcount]
    domains = [table.domains[place] for place in known]
    people = np.array([float(domain.headcount or 0) for domain in domains])
    units = [domain.code.split("*")[0] for domain in domains]
    kinds = [domain.code.split("*")[1] if "*" in domain.code else "any" for domain in domains]
    margins = []
    for names in (kinds, units):
        of = [sorted(set(names)).index(name) for name in names]
        margins.append(Margin.read(of, np.bincount(of, people)))
    counts = table.answers[known].astype(float)
    expected = raked_means(rake(counts.sum(axis=1), margins), counts, np.eye(counts.shape[1]))
    rows = results.select(item, "share_weighted", "")
    assert len(rows) == counts.shape[1] > 3
    for row, value, variance in zip(rows, expected.value, expected.variance, strict=True):
        assert row.value == pytest.approx(value, abs=0.0006)
        assert row.se == pytest.approx(np.sqrt(variance), rel=0.06)


def test_raking_is_reported_with_what_it_costs_and_how_well_it_fits(results: Results) -> None:
    cost = {name: results.get("", name) for name in ("weight_min", "weight_max", "deff")}
    assert all(row.value is not None for row in cost.values())
    assert cost["deff"].note.startswith("Raking in ")
    off = results.get("", "weight_deviation")
    assert (off.value, off.printed) == (0.0, "0,0\u00a0%")
    assert results.find("", "weight_trimmed") is None
    assert {row.method for row in results.select(FIRST, "mean_rank_weighted", "")} <= {"t_raked"}
    row = results.select(FIRST, "top_k_weighted", "")[0]
    assert "raked to workplace and department" in explained(results, address(row))


def test_the_dossier_says_that_and_to_what_weights_were_raked(results: Results) -> None:
    said = council(results)
    assert (
        "durch schrittweises Angleichen jedes Merkmals für sich an die Belegschaft (Raking), sodass"
        in said
    )
    assert "größte Abweichung eines Randes beträgt 0,0" in said


def test_weights_that_do_not_come_to_rest_are_a_reason_and_no_number(
    released: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weighting, "rake", partial(rake, rounds=1))
    found = results_of(released)
    why = "nicht gewichtet: die Gewichte kommen nach 1 Durchgängen nicht zur Ruhe"
    assert (found.get("", "deff").value, found.get("", "deff").note) == (None, why)
    weighted = [r for r in found if r.statistic.endswith("_weighted") and not r.domain_variable]
    assert weighted
    assert all(row.value is None for row in weighted)
    assert f"Die Ergebnisse sind {why}." in council(found)


def test_weights_are_cut_only_on_request_and_the_report_says_what_that_cost(
    root: Path, tmp_path: Path
) -> None:
    wanted = "  weights: {method: raking, most: 1.5}\n"
    questionnaire = asked(root, tmp_path / "vision", wanted)
    found = results_of(release(simulate_data_set(questionnaire, 1500, 7, tmp_path / "data.zip")))
    cut, off = found.get("", "weight_trimmed"), found.get("", "weight_deviation")
    assert cut.value is not None
    assert cut.value > 0
    assert off.value is not None
    assert off.value > 0.01
    # Cut at 1.5 times what everybody would count without weights; what is missing then in the sum
    # is at most what is missing in the worst margin.
    largest = found.get("", "weight_max").value
    assert largest is not None
    assert 1.49 < largest < 1.5 / (1 - off.value) + 0.01
    assert "soweit es gekappte Gewichte zulassen" in council(found)
    assert f"Gekappt sind die Gewichte von {cut.printed} Stimmzetteln" in council(found)


def test_the_data_set_remembers_what_was_asked_for(data: DataSet, root: Path) -> None:
    assert data.study.weights.margins == ("workplace", "department")
    usual = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml").study
    assert usual.weights == Weights()
    assert "weights" not in usual.to_json()
