"""The files of a study's results, sorted by what they are for, with what was checked of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reports.jobs import FAILED, PREVIEWS, REPORT, RESULTS, SUMS, Job, of_study, overview
from reports.team.words import _, later
from survey.home import Home
from survey.studies import list_studies, load_study
from survey.study import Regime, Study

GROUPS = (
    ("dossiers", later("Berichte"), (".pdf",), 12),
    ("units", later("Berichte für einzelne Dienststellen"), (".pdf",), 3),
    ("tables", later("Tabellen mit Codebuch"), (".csv", ".xlsx", ".zip"), 12),
    ("charts", later("Diagramme für Folien"), (".svg", ".png"), 3),
    ("sheets", later("Prüfbericht und Prüfsummen"), (".txt",), 12),
)
"""What files are for, in the order of the page, by the ends of their names; longer lists are
folded away."""

STATUSES = {
    "published": later("Erschienen."),
    "merged": later("Mit anderen Gruppen zusammengelegt, weil die einzelne zu klein ist."),
    "homogeneous": later(
        "Nur „mindestens 90 Prozent“: Fast alle der Gruppe haben gleich geantwortet; die genaue "
        "Zahl würde verraten, was Einzelne gesagt haben."
    ),
    "not_shown": later(
        "Nicht gezeigt: Die Gruppe ist zu klein, oder eine kleine Gruppe ließe sich durch Abziehen "
        "errechnen. Welches von beiden, wird nicht gesagt; auch das wäre ein Hinweis."
    ),
    "not_asked": later("Dieser Gruppe wurde die Frage nicht gestellt."),
    "not_computable": later("Aus diesen Antworten lässt sich die Kennzahl nicht berechnen."),
}
"""What has become of the rows of the released table, and why."""

POINTS = (
    later("Aufbau"), later("Kennzeichen Archiv"), later("Kennzeichen Barrierefreiheit"),
    later("Struktur"), later("Sprache"), later("Titel"), later("Bildbeschreibungen"),
    later("Tabellenköpfe"), later("Schriften"), later("Harmlos"), later("Größe"),
    later("Datensatz"), later("Zahlen"),
)  # fmt: skip
"""Names of the points of :mod:`reports.upload_check`."""

_TABLES = {
    "-excel.csv": later("für Excel, mit Komma und deutschen Köpfen"),
    ".xlsx": later("Arbeitsmappe mit Codebuch und Erläuterungen"),
    "-package.zip": later("Data Package mit Beschreibung aller Spalten"),
    "-tabelle.csv": later("Tabelle, in der jede Zahl der Berichte steht"),
    "-codebuch.csv": later("Codebuch: was Spalten, Kennzahlen und Namen bedeuten"),
    "-konstanten.csv": later("Zahlen der Berichte, die keine Ergebnisse sind, mit Grund"),
    ".csv": later("für Programme, mit Punkt und englischen Köpfen"),
}


_DOSSIERS = {
    "ratsdossier": later("für den Rat und seine Ausschüsse"),
    "gesamtbericht": later("alles, was veröffentlicht ist"),
    "textdossier": later("jeder Abschnitt neben dem, was dazu gesagt wurde"),
    "vergleich": later("Beschäftigte neben Öffentlichkeit"),
    "ergebnisbrief": later("Brief an alle, die teilgenommen haben"),
    "methodenanhang": later("wie alle Zahlen entstanden sind, ohne Ergebnisse"),
}
"""First words of the names of dossiers (:data:`reports.dossier.KINDS`), in the order of the page,
and what they are; those of single units stand apart."""
_UNIT = "dienststelle"


@dataclass(frozen=True, slots=True)
class File:
    """A file that may be fetched: what it is, and what was found of it."""

    name: str
    kilobytes: int
    digest: str
    about: str = ""
    preview: str = ""
    check: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are for the same; ``folded`` if there are too many to be shown at once."""

    label: str
    files: tuple[File, ...]
    folded: bool


def files(home: Home, study_id: str) -> list[Path]:
    """Every file of the results of a study that may be fetched."""
    folder = home.dossiers / study_id
    found = folder.iterdir() if folder.is_dir() else ()
    return sorted(p for p in found if p.is_file() and not p.name.startswith("."))


def preview_file(home: Home, study_id: str, name: str) -> Path | None:
    """The page for the screen of a dossier, by the name of its PDF without the ending."""
    folder = home.dossiers / study_id / PREVIEWS
    found = folder.glob("*.html") if folder.is_dir() else ()
    return next((path for path in found if path.stem == name), None)


def grouped(home: Home, study_id: str) -> list[Group]:
    """The files by what they are for; a group without any is left out."""
    checks = {check["file"]: check for check in _overview(home, study_id).get("checks", ())}
    known = files(home, study_id)
    found = []
    for key, label, endings, most in GROUPS:
        own = [p for p in known if p.suffix in endings and _is_in(key, p)]
        described = tuple(_described(home, study_id, key, p, checks) for p in _ordered(own))
        if described:
            found.append(Group(_(label), described, len(described) > most))
    return found


def _is_in(group: str, path: Path) -> bool:
    """Whether a PDF belongs among the reports on the whole study, or on a unit of it."""
    return path.suffix != ".pdf" or _kind(path.name).startswith(_UNIT) is (group == "units")


def _ordered(paths: list[Path]) -> list[Path]:
    """First what the most people ask for."""
    kinds = list(_DOSSIERS)
    known = {path: _kind(path.name) for path in paths}
    return sorted(
        paths, key=lambda p: (kinds.index(known[p]) if known[p] in kinds else len(kinds), p.name)
    )


def _kind(name: str) -> str:
    return name.partition("-")[0].partition(".")[0]


def _described(
    home: Home, study_id: str, group: str, path: Path, checks: Mapping[str, Any]
) -> File:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    check = checks.get(path.name, {})
    if check.get("sha256") != digest:
        check = {}  # the file has changed since
    return File(
        path.name,
        max(1, len(content) // 1024),
        digest,
        _about(group, path.name),
        path.stem if preview_file(home, study_id, path.stem) else "",
        check,
    )


def _about(group: str, name: str) -> str:
    if group == "tables":
        return next((_(text) for end, text in _TABLES.items() if name.endswith(end)), "")
    if group == "dossiers":
        known = _DOSSIERS.get(_kind(name))
        return _(known) if known else ""
    words = {SUMS: _("SHA-256 aller Dateien"), REPORT: _("was an den Berichten geprüft wurde")}
    return words.get(name, "")


def verdict_words(check: Mapping[str, Any]) -> str:
    """What a check has come to, in one sentence."""
    if not check:
        return _("Noch nicht geprüft.")
    if not check["ready"]:
        names = [p["name"] for p in check["points"] if p["holds"] is False]
        failed = ", ".join(_(name) for name in names)
        return _("Nicht hochladen: %(points)s.", points=failed)
    if not check["judged"]:
        return _("Bereit zum Hochladen nach eigener Prüfung. veraPDF war hier nicht dabei.")
    return _("Bereit zum Hochladen, von veraPDF bestätigt.")


def point_rows(check: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """The points of a check as rows."""
    marks = {True: _("ja"), False: _("nein"), None: _("nicht geprüft")}
    points = [(p["name"], p["holds"], p["found"]) for p in check["points"]]
    return [(_(name), marks[holds], found) for name, holds, found in points]


def status_rows(home: Home, study_id: str) -> list[tuple[str, str]]:
    """How many rows of the released table have what status, and what that means."""
    counts: Mapping[str, int] = _overview(home, study_id).get("statuses", {})
    return [(str(counts[name]), _(text)) for name, text in STATUSES.items() if counts.get(name)]


def refusals(home: Home, study_id: str) -> list[Job]:
    """The builds that ended without everything, the newest first."""
    return [job for job in of_study(home, study_id, RESULTS) if job.state == FAILED]


def partners(home: Home, study: Study) -> list[tuple[str, str]]:
    """Studies with which this one can be compared: staff with open participation, both opened."""
    both = {Regime.CENSUS_ATTEMPT, Regime.OPEN_PARTICIPATION}
    return list(_partners(home, study, both - {study.regime})) if study.regime in both else []


def _partners(home: Home, study: Study, wanted: set[Regime]) -> Iterator[tuple[str, str]]:
    for row in list_studies(home):
        if row.id != study.id and row.regime in wanted and (home.datasets / row.id).is_dir():
            yield row.id, load_study(home, row.id).study.title


def _overview(home: Home, study_id: str) -> dict[str, Any]:
    path = overview(home, study_id)
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return found
