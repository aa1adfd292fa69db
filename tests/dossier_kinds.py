"""One small data set per regime and one built file per kind of dossier, for all tests of kinds."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from reports.beside import Beside
from reports.disclosure import release
from reports.dossier import Dossier
from reports.dossiers import DOSSIERS
from reports.estimates import Results
from reports.pdf import pdf_bytes
from reports.proceeding import read_proceeding
from reports.rendering import as_page
from reports.results import results_of
from survey.dataset import read_data_set
from survey.demo import SHIPPED
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

SIZES = {"staff": 2600, "public": 1100, "reading": 700}
"""Simulated ballots per shipped study."""

WHAT = {
    "open": ("council", "public", ""),
    "intensive": ("intensive", "reading", ""),
    "comparison": ("comparison", "staff", ""),
    "letter": ("public", "staff", "de"),
    "plain-letter": ("public", "public", "de-leicht"),
    "english-letter": ("public", "staff", "en"),
    "method": ("method", "staff", ""),
    "open-method": ("method", "public", ""),
    "reading-method": ("method", "reading", ""),
}
"""What is built: a name to the kind, the study and, of several, the language."""


def simulated(folder: Path) -> Mapping[str, Path]:
    """The data sets by the name of the study's file."""
    for name, size in SIZES.items():
        path = folder / f"{name}.zip"
        if not path.exists():
            simulate_data_set(read_questionnaire(SHIPPED / f"{name}.yaml"), size, 11, path)
    return {name: folder / f"{name}.zip" for name in SIZES}


def results_in(folder: Path) -> Mapping[str, Results]:
    """The results of the data sets in a folder."""
    return {
        name: results_of(release(read_data_set(path))) for name, path in simulated(folder).items()
    }


def beside_of(name: str, results: Mapping[str, Results]) -> Beside:
    """The shipped proceeding of the study, and for a comparison the public study."""
    kind, study, _ = WHAT[name]
    proceeding = read_proceeding(SHIPPED / f"{study}.proceeding.yaml")
    return Beside(proceeding, results["public"] if kind == "comparison" else None)


def composed(results: Mapping[str, Results]) -> Mapping[str, Dossier]:
    """Every kind of dossier, with the shipped proceedings."""
    made = {}
    for name, (kind, study, language) in WHAT.items():
        compose = DOSSIERS[kind].compose
        assert compose is not None
        documents = compose(results[study], beside_of(name, results))
        (made[name],) = (document for document in documents if document.track == language)
    return made


def main() -> None:
    """Print a digest of every kind; the folder with the data sets is the only argument."""
    import hashlib

    for name, dossier in composed(results_in(Path(sys.argv[1]))).items():
        print(name, hashlib.sha256(pdf_bytes(as_page(dossier))).hexdigest())


if __name__ == "__main__":
    main()
