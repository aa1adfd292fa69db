"""The numbers of a dossier of an open study have addresses too."""

from __future__ import annotations

from pathlib import Path

from reports.beside import ALONE
from reports.building import composed, documents, fitting_kinds
from reports.disclosure import release
from reports.published import published
from reports.results import results_of
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set


def test_every_number_of_every_public_dossier_has_an_address(root: Path, tmp_path: Path) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "public.yaml")
    results = results_of(release(simulate_data_set(questionnaire, 2400, 7, tmp_path / "p.zip")))
    tracer = published(results).tracer()
    for document in documents(results, ALONE, fitting_kinds(results, ALONE)):
        for dossier in composed(document, tracer):
            assert len(list(tracer.in_dossier(dossier))) > 5
