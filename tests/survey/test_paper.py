"""The printed questionnaire: what stands on it, for whom it is readable, how it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import escape
from pathlib import Path

import pytest
import verapdf

from survey.cli import run, survey
from survey.errors import SurveyError
from survey.instrument import Questionnaire
from survey.paper import paper_html, paper_pdf, write_paper
from survey.questionnaire import read_questionnaire

FOLDER = Path(__file__).parent.parent / "questionnaires"


@pytest.fixture(scope="module")
def journey() -> Questionnaire:
    return read_questionnaire(FOLDER / "journey.yaml")


@pytest.fixture(scope="module")
def printed(journey: Questionnaire, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("paper") / "journey.pdf"
    write_paper(journey, path)
    return path


def words_of(pdf: Path) -> str:
    command = ["pdftotext", "-layout", str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s+", " ", text)


def test_a_printed_questionnaire_is_a_tagged_pdf_in_a4(printed: Path) -> None:
    facts = subprocess.run(["pdfinfo", printed], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged: +yes", facts)
    assert re.search(r"Title: +Unterwegs in der Stadt", facts)
    assert re.search(r"Page size: .*\(A4\)", facts)
    fonts = subprocess.run(["pdffonts", printed], capture_output=True, text=True, check=True).stdout
    names = [line.split()[0] for line in fonts.splitlines()[2:]]
    assert names
    assert all("Paper-Sans" in name for name in names)


def test_the_welcome_comes_before_the_first_question(printed: Path) -> None:
    text = words_of(printed)
    first = text.index("Womit sind Sie am häufigsten unterwegs?")
    for words in ("Die Teilnahme ist freiwillig", "Gruppen ab zehn Antworten", "So füllen Sie"):
        assert text.index(words) < first
    assert "Der Bogen trägt keine Nummer und keinen Code" in text
    assert "Absenden" not in text


def test_every_question_and_every_box_has_its_readable_id(
    printed: Path, journey: Questionnaire
) -> None:
    text = words_of(printed)
    for item in journey.instrument.items:
        if item.asks:
            assert f" {item.id} " in text
        for option in getattr(item, "options", ()):
            assert option.label in text
            assert option.code in text


def test_every_page_carries_study_and_version_and_nothing_personal(
    printed: Path, journey: Questionnaire
) -> None:
    text = subprocess.run(["pdftotext", printed, "-"], capture_output=True, text=True, check=True)
    foot = f"journey · Version 1 ({journey.instrument.hash[:8]})"
    pages = text.stdout.split("\f")[:-1]
    assert all(page.count(foot) == 1 for page in pages)
    assert len({re.sub(r"Seite \d+ / \d+", "", page).count(foot) for page in pages}) == 1


def test_routes_are_printed_as_hints_that_say_where_to_go_on(printed: Path) -> None:
    text = words_of(printed)
    assert (
        "Nur beantworten, wenn Sie nicht bei Frage 1 „gar nicht“ gewählt haben. "
        "Sonst weiter mit Frage 6." in text
    )
    assert "wenn Sie bei Frage 1 „Rad & Roller <neu>“ gewählt haben. Sonst weiter mit" in text


def test_an_earlier_answer_in_a_text_is_left_open(printed: Path) -> None:
    text = words_of(printed)
    assert "Was wünschen Sie sich für …?" in text
    assert "{{" not in text


def test_other_languages_are_printed_from_the_same_file(journey: Questionnaire) -> None:
    english = paper_html(journey, "en")
    assert '<html lang="en">' in english
    assert "Otherwise go on with Question 6." in english
    assert '<html lang="de">' in paper_html(journey, "de-leicht")
    assert "Diese Übersetzung ist noch nicht geprüft" in paper_html(journey, "tr")
    with pytest.raises(SurveyError, match="has de, en, de-leicht, tr"):
        paper_pdf(journey, "fr")


def test_each_text_of_a_reading_study_is_a_sheet_of_its_own() -> None:
    reading = read_questionnaire(FOLDER / "texts.yaml")
    html = paper_html(reading, "de")
    texts = reading.instrument.texts
    assert html.count('<section class="sheet">') == len(texts) > 1
    for text in texts:
        assert f"Dieser Bogen gehört zum Text „{escape(text.title)}“" in html


def test_markup_in_a_questionnaire_is_printed_and_not_obeyed(journey: Questionnaire) -> None:
    assert "Rad &amp; Roller &lt;neu&gt;" in paper_html(journey, "de")


def test_the_command_prints_a_file_and_replaces_an_earlier_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "every.pdf"
    out.write_bytes(b"old")
    arguments = ["paper", str(FOLDER / "every_type.yaml"), "-o", str(out)]
    assert run(survey, arguments, "survey") == 0
    assert out.read_bytes().startswith(b"%PDF-")
    assert [path.name for path in tmp_path.iterdir()] == ["every.pdf"]
    assert run(survey, [*arguments, "--language", "fr"], "survey") == 1
    assert "there is no language fr" in capsys.readouterr().err
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_other_commands_and_the_web_process_load_no_pdf_library() -> None:
    code = (
        "import sys, survey.cli, survey.app, survey.preview, survey.commands.paper_entry; "
        "print('weasyprint' in sys.modules, 'numpy' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert found.split() == ["False", "False"]


def test_a_missing_system_library_ends_with_its_own_status(root: Path, tmp_path: Path) -> None:
    # What WeasyPrint does on a machine without Pango.
    broken = "raise OSError(\"cannot load library 'libpango-1.0-0'\")\n"
    (tmp_path / "weasyprint.py").write_text(broken, "utf-8")
    out = tmp_path / "out.pdf"
    arguments = ["paper", str(FOLDER / "bfi.yaml"), "-o", str(out)]
    command = [sys.executable, "-m", "survey.cli", *arguments]
    path = os.pathsep.join([str(tmp_path), str(root)])
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert "a system library is missing" in done.stderr
    assert not out.exists()


@pytest.fixture(scope="module")
def judge(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return verapdf.compiled(root, tmp_path_factory.mktemp("verapdf"))


@pytest.mark.parametrize("name", ["journey", "every_type", "texts"])
def test_the_paper_meets_the_standard_for_accessible_pdf(
    judge: list[str], tmp_path: Path, name: str
) -> None:
    path = tmp_path / "paper.pdf"
    write_paper(read_questionnaire(FOLDER / f"{name}.yaml"), path)
    verdict = verapdf.judged(judge, path, "PDFUA-1")
    assert verdict.compliant, verdict.rules
    assert verdict.checks > 1000
