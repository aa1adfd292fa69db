"""Whether a finished PDF may be uploaded: what can be seen in the file itself, point by point.

This is a check of our own, read from the file with libraries that did not write it. An
independent judge (veraPDF) is asked where its command ``verapdf`` is installed; where it is not,
the report says so instead of guessing.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pikepdf

from reports.errors import DossierError
from reports.pdf_text import pdf_pages, sources_of
from reports.pdf_tracing import trace_pdf

LARGEST = 10 * 1024 * 1024
"""Bytes that every council information system and every mailbox takes."""
PATIENCE = 300
"""Seconds that the independent judge is given for one file."""
FLAVOURS = {"PDF/UA-1": "ua1", "PDF/A-2a": "2a"}
_DRAWN = ("/Figure", "/Formula")


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a check: whether it holds (None: not judged), and what was found."""

    name: str
    holds: bool | None
    found: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A PDF with its fingerprint and every point that was looked at."""

    file: str
    sha256: str
    points: tuple[Point, ...]

    @property
    def ready(self) -> bool:
        """Whether no point fails; a judge that was not there fails nothing."""
        return all(point.holds is not False for point in self.points)

    @property
    def judged(self) -> bool:
        """Whether the independent judge has seen the file."""
        return all(point.holds is not None for point in self.points)

    def raw(self) -> dict[str, Any]:
        """The check as it is kept."""
        return {**asdict(self), "ready": self.ready, "judged": self.judged}


def check_pdf(path: Path, fingerprint: str) -> Checked:
    """What a PDF is found to be; ``fingerprint`` is that of the data that it must be made of."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with pikepdf.open(path) as pdf:
            points = [*_structure(pdf), *_harmless(pdf)]
    except pikepdf.PdfError:
        return Checked(path.name, digest, (Point("Aufbau", False, "Die Datei ist kein PDF."),))
    points += [_size(path), _source(path, fingerprint), _numbers(path), *_independent(path)]
    return Checked(path.name, digest, tuple(points))


def as_text(study: str, checks: Sequence[Checked]) -> str:
    """The report in German, as plain text that goes along with the files."""
    lines = [f"Prüfbericht der Dokumente von {study}", ""]
    for check in checks:
        lines += [check.file, f"  Ergebnis: {verdict(check)}", f"  SHA-256: {check.sha256}"]
        marks = {True: "ja", False: "NEIN", None: "nicht geprüft"}
        lines += [f"  {p.name}: {marks[p.holds]} – {p.found}" for p in check.points]
        lines.append("")
    return "\n".join(lines)


def verdict(check: Checked) -> str:
    """The result in one sentence."""
    if not check.ready:
        failed = ", ".join(p.name for p in check.points if p.holds is False)
        return f"nicht hochladen: {failed}"
    if not check.judged:
        return "hochladbereit nach eigener Prüfung; von veraPDF hier nicht geprüft"
    return "hochladbereit, von veraPDF bestätigt"


# -- the file itself --------------------------------------------------------------------------


def _structure(pdf: pikepdf.Pdf) -> Iterator[Point]:
    faults = pdf.check_pdf_syntax()
    yield Point("Aufbau", not faults, f"PDF {pdf.pdf_version}, {len(pdf.pages)} Seiten")
    metadata = str(pdf.Root.Metadata.read_bytes(), "utf-8") if "/Metadata" in pdf.Root else ""
    named = {key: _named(metadata, key) for key in ("pdfaid:part", "pdfaid:conformance")}
    archive = named["pdfaid:part"] == "2" and named["pdfaid:conformance"].upper() == "A"
    said = f"PDF/A-{named['pdfaid:part'] or '–'}{named['pdfaid:conformance'].lower()}"
    yield Point("Kennzeichen Archiv", archive, said)
    part = _named(metadata, "pdfuaid:part")
    yield Point("Kennzeichen Barrierefreiheit", part == "1", f"PDF/UA-{part or '–'}")
    root: Any = pdf.Root
    marked = bool(_part(root, "/MarkInfo").get("/Marked", False))
    kinds = list(_elements(root.get("/StructTreeRoot")))
    yield Point("Struktur", marked and bool(kinds), f"{len(kinds)} Elemente mit Bedeutung")
    title = pdf.docinfo.get("/Title", "") if pdf.docinfo is not None else ""
    shown = bool(_part(root, "/ViewerPreferences").get("/DisplayDocTitle", False))
    language = str(root.get("/Lang", ""))
    yield Point("Sprache", bool(language), language or "keine")
    yield Point("Titel", bool(str(title)) and shown, str(title) or "keiner")
    drawn = [node for kind, node in kinds if kind in _DRAWN]
    silent = sum(not str(node.get("/Alt", "")).strip() for node in drawn)
    told = f"{len(drawn)} Bilder, {silent} ohne Beschreibung"
    yield Point("Bildbeschreibungen", silent == 0, told)
    tables = [node for kind, node in kinds if kind == "/Table"]
    bare = sum("/TH" not in {kind for kind, _node in _elements(node)} for node in tables)
    yield Point("Tabellenköpfe", bare == 0, f"{len(tables)} Tabellen, {bare} ohne Kopfzellen")
    yield _fonts(pdf)


def _part(node: Any, name: str) -> Any:
    """A dictionary in another one; an empty one if it is not there."""
    return node[name] if name in node else pikepdf.Dictionary()


def _named(metadata: str, key: str) -> str:
    """A value of the metadata, written as an element or as an attribute."""
    found = re.search(rf"<{key}>\s*(\w+)\s*</|{key}=[\"'](\w+)[\"']", metadata)
    return next(filter(None, found.groups()), "") if found else ""


def _elements(node: Any) -> Iterator[tuple[str, Any]]:
    """Kind and dictionary of every structure element below a node."""
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, pikepdf.Array):
            waiting += list(here)
        elif isinstance(here, pikepdf.Dictionary):
            if "/S" in here:
                yield str(here["/S"]), here
            if "/K" in here:
                waiting.append(here["/K"])


def _fonts(pdf: pikepdf.Pdf) -> Point:
    fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
    fonts = [o for o in fonts if o.get("/Type") == "/Font" and o.get("/Subtype") != "/Type3"]
    described = [o["/FontDescriptor"] for o in fonts if "/FontDescriptor" in o]
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    loose = sum(not any(name in one for name in files) for one in described)
    whole = [o for o in fonts if not str(o.get("/Subtype", "")).startswith("/CIDFont")]
    mute = sum("/ToUnicode" not in font for font in whole)
    said = f"{len(described)} eingebettet, {loose} nicht; {mute} ohne Zuordnung zu Buchstaben"
    return Point("Schriften", bool(described) and not loose and not mute, said)


def _harmless(pdf: pikepdf.Pdf) -> Iterator[Point]:
    found = ["Verschlüsselung"] if pdf.is_encrypted else []
    if "/JavaScript" in _part(pdf.Root, "/Names"):
        found.append("JavaScript")
    if "/AcroForm" in pdf.Root:
        found.append("Formularfelder")
    for one in pdf.objects:
        if isinstance(one, pikepdf.Dictionary) and str(one.get("/S", "")) in (
            "/JavaScript", "/Launch", "/SubmitForm", "/ImportData",
        ):  # fmt: skip
            found.append("Befehle")
            break
    said = ", ".join(found) or "keine Befehle, keine Formulare, nicht verschlüsselt"
    yield Point("Harmlos", not found, said)


def _size(path: Path) -> Point:
    size = path.stat().st_size
    said = f"{max(1, size // 1024)} KB (höchstens {LARGEST // 1024 // 1024} MB)"
    return Point("Größe", size <= LARGEST, said)


# -- what it says -----------------------------------------------------------------------------


def _source(path: Path, fingerprint: str) -> Point:
    try:
        sources = sources_of(pdf_pages(path))
    except DossierError:
        sources = ()
    if not sources:
        return Point("Datensatz", False, "Keine Seite nennt Umfrage und Prüfsumme der Daten.")
    data = [data for _, data in sources]
    held = any(fingerprint.startswith(known) for known in data)
    told = "" if held else f", veröffentlicht ist {fingerprint[:8]}"
    said = f"Prüfsumme {' und '.join(data)}{told}"
    return Point("Datensatz", held, said)


def _numbers(path: Path) -> Point:
    try:
        found = list(trace_pdf(path))
    except DossierError as error:
        return Point("Zahlen", False, str(error).partition(": ")[2] or str(error))
    lost = sum(not traced.earned for traced in found)
    return Point("Zahlen", not lost, f"{len(found)} Zahlen, {lost} ohne Fundstelle in der Tabelle")


def _independent(path: Path) -> Iterator[Point]:
    """What veraPDF says, if its command is there."""
    program = shutil.which("verapdf")
    for name, flavour in FLAVOURS.items():
        title = f"veraPDF {name}"
        if program is None:
            yield Point(title, None, "veraPDF ist auf diesem Server nicht installiert.")
            continue
        command = [program, "--flavour", flavour, "--format", "text", str(path)]
        try:
            run = subprocess.run(
                command, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            yield Point(title, None, "veraPDF hat nicht geantwortet.")
            continue
        said = run.stdout.strip().partition(" ")[0]
        if (run.returncode, said) == (0, "PASS"):
            yield Point(title, True, "bestanden")
        elif (run.returncode, said) == (1, "FAIL"):
            yield Point(title, False, "nicht bestanden")
        else:
            yield Point(title, None, f"veraPDF ist abgebrochen (Status {run.returncode}).")
