"""One simulated staff study and one build of each kind of dossier, shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import dossier_kinds
import pytest
from built_dossier import Builder

from reports.estimates import Results


@pytest.fixture(scope="session")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dossier_kinds.Kinds:
    """Builds a dossier by the name of its kind, once in a run with any number of processes."""
    base = tmp_path_factory.getbasetemp()
    run = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder: Path = run / "dossier-kinds"
    folder.mkdir(exist_ok=True)
    return dossier_kinds.Kinds(folder)


@pytest.fixture(scope="session")
def staff(kinds: dossier_kinds.Kinds) -> Results:
    """The estimates of 3,000 simulated answers to the shipped staff questionnaire."""
    return kinds.results("staff")


@pytest.fixture(scope="session")
def built(kinds: dossier_kinds.Kinds) -> Builder:
    """Builds a dossier of the staff study, of one unit if one is named, once."""
    return kinds
