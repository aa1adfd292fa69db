"""The promise sheet says what holds, all of what does not, and stays on two pages."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
import verapdf
from urn_example import add, desk_with_holders

from survey import studies
from survey.cli import run, survey
from survey.home import Home
from survey.promise import not_promised, promise_sheet, record_of_processing
from survey.promise_pdf import promise_pdf, record_pdf
from survey.questionnaire import load_bundle
from survey.records import read_records

SHIPPED = Path(__file__).parent.parent.parent / "questionnaires" / "vision"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def words(home: Home, study_id: str) -> str:
    stored = studies.load_study(home, study_id)
    return repr(promise_sheet(stored, "sqlite", read_records(home, study_id)))


def test_everything_that_is_not_promised_stands_on_the_sheet(home: Home) -> None:
    study = add(home, "staff")
    told = words(home, "staff")
    points = not_promised(study)
    assert all(repr(point) in told for point in points)
    for subject in (
        "eingeworfenen Stimmzetteln",
        "unbenutzte Codes haben",
        "alte Sicherung",
        "verändertem Programm",
        "Mitschnitten im Netz",
        "Seitenschlüssel",
        "alle Schlüsselpersonen zusammenwirken",
        "eigenen freien Text",
        "letzte Schlüsselperson den Datensatz nicht fälscht",
    ):
        assert any(subject in point for point in points), subject


def test_the_rule_any_is_admitted(home: Home) -> None:
    study = add(home, "staff", opening="any")
    assert "Jede Schlüsselperson kann die Urne allein öffnen" in words(home, "staff")
    assert any("wenn eine Schlüsselperson eine Kopie" in point for point in not_promised(study))


def test_an_open_study_promises_no_single_answer_per_person(home: Home) -> None:
    study = add(home, "public", access="open")
    assert any("zählt jeder Stimmzettel, nicht jede Person" in p for p in not_promised(study))
    assert "Zugangscode" not in words(home, "public")


def test_a_demo_and_keys_on_the_server_are_said_first(home: Home) -> None:
    add(home, "demo", demo=True)
    assert "es gab keine Probeöffnung" in words(home, "demo")
    assert "wer den Server betreibt" in words(home, "demo")


def test_holders_and_rehearsal_are_named(home: Home, tmp_path: Path) -> None:
    add(home, "waiting")
    assert "Die Probeöffnung steht noch aus" in words(home, "waiting")
    desk_with_holders(home, tmp_path / "holders", "staff")
    told = words(home, "staff")
    assert "Schlüsselpersonen: council, project." in told
    assert "Probeöffnung bestanden am 4. Mai 2026." in told
    assert "steht noch aus" not in told


@pytest.mark.parametrize("name", ["staff", "reading", "public"])
def test_the_sheet_of_a_shipped_study_has_two_accessible_pages(
    root: Path, home: Home, tmp_path: Path, name: str
) -> None:
    study = studies.add_study(home, load_bundle(SHIPPED / f"{name}.yaml"))
    out, record = tmp_path / "promise.pdf", tmp_path / "record.pdf"
    command = ["--home", str(home.path), "promise", study.id, "-o", str(out)]
    assert run(survey, [*command, "--record", str(record)], "survey") == 0
    facts = subprocess.run(["pdfinfo", out], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Pages: +2\b", facts)
    judge = verapdf.compiled(root, tmp_path)
    for path in (out, record):
        verdict = verapdf.judged(judge, path, "PDFUA-1")
        assert verdict.compliant, verdict.rules


def test_the_record_of_processing_names_what_is_still_open(home: Home) -> None:
    add(home, "staff")
    stored = studies.load_study(home, "staff")
    record = record_of_processing(stored, "postgresql")
    assert record.table is not None
    names = [row[0] for row in record.table.rows]
    assert {"Verantwortlich", "Zwecke", "Betroffene", "Löschung", "Empfänger"} <= set(names)
    assert "[eintragen]" in repr(record)
    sheet = promise_sheet(stored, "sqlite", ())
    assert promise_pdf(sheet).startswith(b"%PDF")
    assert record_pdf(sheet, record).startswith(b"%PDF")
