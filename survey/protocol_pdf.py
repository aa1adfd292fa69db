"""The protocol of a study on paper: rehearsal, opening, keys, restores, deletion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from survey.opening_record import is_genuine
from survey.print_pdf import print_pdf, templates
from survey.promise import PromiseSheet, Section, Table
from survey.records import Record
from survey.studies import StoredStudy
from survey.translation import day

_REASONS = {
    "unreadable": "nicht zu entschlüsseln",
    "format": "keine Form eines Stimmzettels",
    "signature": "nicht von diesem Server unterschrieben",
    "study": "gehört zu einer anderen Umfrage",
    "rehearsal": "Stimmzettel der Probe",
    "instrument": "anderer Fragebogen",
    "duplicate": "zum zweiten Mal eingeworfen",
    "answers": "Antworten, die der Fragebogen nicht kennt",
    "unexpected": "aus anderem Grund nicht lesbar",
}
_MODES = {"web": "im Netz", "paper": "auf Papier"}


def protocol_pdf(stored: StoredStudy, records: Sequence[Record]) -> bytes:
    """The PDF of all records of a study, oldest first."""
    sections = tuple(section for record in records for section in _sections(stored, record))
    empty = Section("Noch nichts", ("Für diese Umfrage ist noch nichts protokolliert.",))
    warning = "Vorführung, keine echte Umfrage." if stored.study.demo else ""
    sheet = PromiseSheet(
        stored.study.id, stored.study.title, stored.study.commissioner, warning, "", sections
    )
    template = templates().get_template("print/promise.html")
    heading = "Protokoll"
    html = template.render(
        sheet=sheet, sections=sections or (empty,), heading=heading, language="de", kind=""
    )
    style = templates().get_template("print/print.css").render(foot=f"{heading} · {sheet.study}")
    return print_pdf(html, style)


def _sections(stored: StoredStudy, record: Record) -> Iterator[Section]:
    title, rows = _TITLES.get(record.kind, record.kind), _facts(stored, record)
    yield Section(f"{title}, {day(record.day, 'de')}", table=Table(("Angabe", "Wert"), rows))


_TITLES = {
    "rehearsal": "Probeöffnung",
    "opened": "Öffnung der Urne",
    "keys-destroyed": "Vernichtung von Schlüsseln",
    "restored": "Eingespielte Sicherung",
    "purged": "Löschung",
}


def _facts(stored: StoredStudy, record: Record) -> tuple[tuple[str, str], ...]:
    content = record.content
    if record.kind == "opened":
        return tuple(_opened(stored, record))
    if record.kind == "rehearsal":
        names = ", ".join(holder["holder"] for holder in content["holders"])
        return (
            ("Schlüsselpersonen", names),
            ("Probe-Stimmzettel", f"{content['test_ballots']}, alle geöffnet"),
            ("Eigentliche Schlüssel", "jeder hat sich auf dem Rechner seiner Person bewährt"),
        )
    if record.kind == "keys-destroyed":
        return (
            ("Schlüsselperson", content["holder"]),
            ("Vernichtete Dateien", str(content["files"])),
            ("Geprüfter Datensatz", content["data_set"] or "Schlüssel der Probe"),
        )
    if record.kind == "purged":
        return (
            ("Löschtag der Umfrage", day(content["delete_on"], "de")),
            ("Gelöschte Dateien", str(len(content["files"]))),
            ("Ungeöffnete Urne vernichtet", "ja" if content["unopened_urn"] else "nein"),
        )
    return tuple((name, str(value)) for name, value in content.items())


def _opened(stored: StoredStudy, record: Record) -> Iterator[tuple[str, str]]:
    content, protocol = record.content, record.content["protocol"]
    signed = "gültig" if is_genuine(content, stored.host_key) else "ungültig: verändert"
    yield "Stimmzettel in der Urne", str(protocol["ballots"])
    yield "Angenommen", str(protocol["accepted"])
    for mode, number in protocol.get("modes", {}).items():
        yield f"davon {_MODES.get(mode, mode)}", str(number)
    yield "Zurückgewiesen", str(sum(protocol["rejected"].values()))
    for reason, number in protocol["rejected"].items():
        yield f"davon {_REASONS.get(reason, reason)}", str(number)
    yield "Zeilen im Datensatz", str(content["rows"])
    for group, number in content["codes_issued"].items():
        name = {"": "Ausgegebene Codes", "paper": "Gezählte Papierbögen"}.get(group)
        yield name or f"Ausgegebene Codes: {group}", str(number)
    yield "Schlüsselpersonen", ", ".join(holder["holder"] for holder in protocol["holders"])
    yield "Prüfsumme der Urne", protocol["urn"]
    yield "Prüfsumme des Datensatzes", content["data_set"]
    yield "Vernichtet", "Stimmzettel, Codes und Seitenschlüssel"
    yield (
        "Unterschrift des Servers",
        signed,
    )
