"""One simulated staff study and one build of each kind of dossier, shared by all tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from built_dossier import Builder, Built

from reports.beside import ALONE
from reports.building import composed, documents
from reports.disclosure import release
from reports.estimates import Results
from reports.pdf import pdf_bytes
from reports.published import published, write_beside
from reports.rendering import as_page
from reports.results import results_of
from survey.files import write_aside
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set


@pytest.fixture(scope="session")
def staff(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """The estimates of 3,000 simulated answers to the shipped staff questionnaire."""
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "staff.yaml")
    path = tmp_path_factory.mktemp("data") / "staff.zip"
    return results_of(release(simulate_data_set(questionnaire, 3000, 7, path)))


@pytest.fixture(scope="session")
def built(staff: Results, tmp_path_factory: pytest.TempPathFactory) -> Builder:
    """Builds a dossier of the staff study, of one unit if one is named, once."""
    folder = tmp_path_factory.mktemp("dossiers")
    write_beside(folder, staff)
    tracer = published(staff).tracer()

    @cache
    def build(kind: str, part: str = "") -> Built:
        (document,) = documents(staff, ALONE, [kind], part)
        dossier = composed(document, tracer)[0]
        path = folder / dossier.file_name
        write_aside(path, pdf_bytes(as_page(dossier)))
        return Built(dossier, path)

    return build
