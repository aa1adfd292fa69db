"""The promise sheet says what holds, all of what does not, and stays on two pages."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
import verapdf
from respondent import make_city
from urn_example import add, desk_with_holders

from survey import studies
from survey.cli import run, survey
from survey.home import Home
from survey.processing_record import record_of_processing
from survey.promise import PromiseSheet, not_promised, promise_sheet
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


def test_the_record_of_processing_is_there_in_english_too(home: Home, tmp_path: Path) -> None:
    add(home, "staff")
    stored = studies.load_study(home, "staff")
    german, english = (record_of_processing(stored, "postgresql", tag) for tag in ("de", "en"))
    assert german.table is not None
    assert english.table is not None
    assert len(german.table.rows) == len(english.table.rows)
    assert not {row[0] for row in german.table.rows} & {row[0] for row in english.table.rows}
    out = tmp_path / "record.pdf"
    out.write_bytes(record_pdf(promise_sheet(stored, "postgresql", ()), english, "en"))
    text = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True).stdout
    assert "Record of processing activities" in text
    assert not re.search("Verantwortlich|eintragen|Stimmzettel", text)


def sentences(sheet: PromiseSheet) -> list[str]:
    """Every sentence that the sheet has of its own, without those of the study."""
    found = [sheet.heading, sheet.lead, sheet.warning]
    for section in sheet.sections:
        found += [section.title, *section.sentences, *section.points]
        if section.table:
            found += [*section.table.head, *(cell for row in section.table.rows for cell in row)]
    return [text for text in found if text and not text.startswith("SQLite")]


@pytest.mark.parametrize("name", ["staff", "reading", "public"])
@pytest.mark.parametrize("language", ["en", "de-leicht"])
def test_the_sheet_is_complete_in_every_language_of_a_study(
    home: Home, name: str, language: str
) -> None:
    study = studies.add_study(home, load_bundle(SHIPPED / f"{name}.yaml"), demo=True)
    stored = studies.load_study(home, study.id)
    if language not in stored.questionnaire.languages:
        assert name == "reading"
        return
    german, other = (promise_sheet(stored, "sqlite", (), tag) for tag in ("de", language))
    assert len(sentences(german)) == len(sentences(other))
    same = {text for text in sentences(german) if text in sentences(other)}
    assert same == set()
    assert other.title == stored.questionnaire.in_language(language)[0].title


def test_the_page_of_the_sheet_changes_its_language_and_leads_back_in_it(tmp_path: Path) -> None:
    city = make_city(tmp_path / "home", load_bundle(SHIPPED / "staff.yaml"))
    start = city.client.get(f"{city.address}?lang=en").text
    (link,) = re.findall(r'href="(/s/[^"]*/promise[^"]*)"', start)
    page = city.client.get(link)
    assert '<html lang="en">' in page.text
    assert "What is not promised" in page.text
    assert f'href="{city.address}?lang=en"' in page.text
    (plain,) = re.findall(r'href="([^"]*)"[^>]*>Einfache Sprache', page.text)
    assert "Das versprechen wir nicht" in city.client.get(f"{city.address}promise{plain}").text


def test_keys_on_the_server_are_said_in_a_whole_sentence(home: Home) -> None:
    study = add(home, "public", access="open")
    stored = studies.load_study(home, "public")
    told = promise_sheet(replace(stored, study=replace(study, server_keys=True)), "sqlite", ())
    assert told.warning.endswith("Wer ihn betreibt, kann die Urne öffnen.")


def test_a_sheet_in_a_language_that_the_study_lacks_is_refused_with_those_it_has(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = studies.add_study(home, load_bundle(SHIPPED / "staff.yaml"))
    command = ["--home", str(home.path), "promise", study.id, "-o", str(tmp_path / "x.pdf")]
    assert run(survey, [*command, "--lang", "fr"], "survey") == 1
    assert "de, " in capsys.readouterr().err
    assert run(survey, [*command, "--lang", "en"], "survey") == 0
    text = subprocess.run(
        ["pdftotext", tmp_path / "x.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "What is not promised" in text
