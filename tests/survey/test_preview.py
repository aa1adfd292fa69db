"""The preview: every page in every language and state, and nothing behind it."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from servers import free_port, wait_for

from survey.cli import survey
from survey.forms import read_page
from survey.plausible import faulty_form, plausible_answers
from survey.preview import Preview, create_preview
from survey.questionnaire import read_questionnaire

FOLDER = Path(__file__).parent.parent / "questionnaires"
NAMES = ("every_type", "journey", "texts")


def client_of(name: str) -> FlaskClient:
    questionnaire = read_questionnaire(FOLDER / f"{name}.yaml")
    return create_preview(questionnaire).test_client(use_cookies=False)


def links(page: str) -> list[str]:
    return re.findall(r'<a class="kern-link" href="([^"]*)"', page)


@pytest.mark.parametrize("name", NAMES)
def test_every_listed_screen_is_there_under_a_banner(name: str) -> None:
    client = client_of(name)
    listed = links(client.get("/").text)
    assert len(listed) == len(set(listed)) > 10
    for address in listed:
        page = client.get(address)
        assert page.status_code == 200, address
        assert page.text.count("Vorschau – nichts wird gespeichert") == 1
        assert page.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_listed_in_every_language_and_state(name: str) -> None:
    questionnaire = read_questionnaire(FOLDER / f"{name}.yaml")
    listed = set(links(client_of(name).get("/").text))
    for number, page in enumerate(questionnaire.instrument.pages, start=1):
        for tag in questionnaire.languages:
            assert f"/{tag}/page-{number}/empty" in listed
            asks = any(item.asks for item in page.items)
            assert (f"/{tag}/page-{number}/filled" in listed) is asks


@pytest.mark.parametrize("name", [*NAMES, "bfi"])
def test_the_made_up_answers_are_allowed_and_answer_everything(name: str) -> None:
    questionnaire = read_questionnaire(FOLDER / f"{name}.yaml")
    for tag in questionnaire.languages:
        _, instrument = questionnaire.in_language(tag)
        answers = plausible_answers(instrument.items, tag)
        assert set(answers) == {item.id for item in instrument.items if item.asks}
        for id, answer in answers.items():
            assert instrument.item(id).mistakes(answer) == ()


def test_a_faulty_page_shows_what_a_respondent_would_be_told() -> None:
    questionnaire = read_questionnaire(FOLDER / "journey.yaml")
    client = client_of("journey")
    for number, page in enumerate(questionnaire.instrument.pages, start=1):
        mistakes = read_page(page, faulty_form(page.items), "de").mistakes
        address = f"/de/page-{number}/errors"
        if not mistakes:
            assert client.get(address).status_code == 404
            continue
        text = unescape(client.get(address).text)
        assert all(sentence in text for sentence in mistakes.values())
        assert "Bitte prüfen Sie Ihre Eingabe" in text


def test_questions_behind_a_condition_are_shown_with_answers_filled_into_texts() -> None:
    text = unescape(client_of("journey").get("/de/page-2/filled").text)
    assert "Wie weit ist der längste?" in text
    assert "Wie viele Wege am Tag: Rad & Roller <neu>?" in text


def test_buttons_lead_on_and_keep_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    client = client_of("every_type")
    sent = {"go": "next", "words": "Geheimnis", "state": "preview"}
    answer = client.post("/de/page-1/filled", data=sent)
    assert (answer.status_code, answer.location) == (303, "/de/page-2/filled")
    assert "Geheimnis" not in client.get("/de/page-3/filled").text
    assert client.post("/de/page-2/empty", data={"go": "back"}).location == "/de/page-1/empty"
    assert client.post("/de/start/empty", data={"go": "begin"}).location == "/de/page-1/empty"
    assert client.post("/de/review/filled", data={"go": "submit"}).location == "/de/thanks/empty"
    assert list(tmp_path.iterdir()) == []


def test_the_language_can_be_switched_on_every_screen() -> None:
    client = client_of("journey")
    answer = client.post("/de/page-1/filled", data={"go": "lang:en"})
    assert answer.location == "/en/page-1/filled"
    assert '<html lang="en">' in client.get("/en/page-1/filled").text
    assert client.get("/de/start/empty?lang=tr").location == "/tr/start/empty"


def test_the_style_sheet_is_served_and_nothing_else() -> None:
    client = client_of("every_type")
    (sheet,) = re.findall(r'<link rel="stylesheet" href="([^"]*)">', client.get("/").text)
    found = client.get(sheet)
    assert found.mimetype == "text/css"
    assert len(found.data) > 1000
    for address in ("/static/nothing.css", "/de/page-99/empty", "/fr/page-1/empty", "/de/x/empty"):
        assert client.get(address).status_code == 404


def test_the_command_is_in_the_table_and_needs_no_home() -> None:
    context = survey.make_context("survey", ["preview", str(FOLDER / "bfi.yaml")])
    command = survey.get_command(context, "preview")
    assert command is not None
    assert {p.name for p in command.params} >= {"path", "port"}
    assert Preview(read_questionnaire(FOLDER / "bfi.yaml")).all_screens


def test_the_command_says_where_to_look_and_nothing_that_frightens() -> None:
    port = free_port()
    program = str(Path(sys.executable).parent / "survey")
    words = [program, "preview", str(FOLDER / "bfi.yaml"), "--port", str(port)]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        wait_for(port, process)
    finally:
        process.terminate()
    said, _ = process.communicate(timeout=20)
    assert f"http://127.0.0.1:{port}/" in said.decode()
    assert "warning" not in said.decode().lower()
