"""Every kind of page in every state, before the Nu HTML checker: no error at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from nu_checker import html_errors
from respondent import HERE, make_city, state_of, texts_bundle

from survey.preview import Preview, create_preview
from survey.questionnaire import read_questionnaire
from survey.rendering import Filling
from survey.screens import draw_general, draw_notice
from survey.theme import load_theme
from survey.translation import interfaces

ROOT = Path(__file__).parents[2]
EXAMPLES = ("every_type", "journey", "texts", "item_types", "shuffled")
SHIPPED = ("staff", "reading", "public")
BROKEN = """<!doctype html><html lang="de"><head><title>x</title></head><body>
<p id="a"><div id="a"></p><label for="b">c</label></body></html>"""


def screens(path: Path) -> Iterator[tuple[str, str]]:
    """Every screen of a questionnaire in every language and state, and the preview's list."""
    questionnaire = read_questionnaire(path)
    preview = Preview(questionnaire)
    for tag in preview.languages:
        for screen in preview.all_screens:
            for state in screen.states:
                yield (
                    f"{path.stem} {tag} {screen.name} {state}",
                    preview.draw(tag, screen.name, state),
                )
    client = create_preview(questionnaire).test_client(use_cookies=False)
    yield f"{path.stem} preview", client.get("/").text


def general() -> Iterator[tuple[str, str]]:
    """What belongs to no study."""
    entry = {"path": "/s/x/", "title": "Eine & noch eine", "note": "beendet"}
    kept = [{"name": "go", "value": 'a"b'}, {"name": "state", "value": "x"}]
    fillings = {
        "list of studies": ("index", Filling(lists={"studies": [entry]})),
        "no studies": ("index", Filling(flags=frozenset({"none"}))),
        "urn away, answers kept": ("unavailable", Filling(lists={"kept": kept})),
        "urn away": ("unavailable", Filling(flags=frozenset({"nothing"}))),
    }
    for language in sorted(interfaces()):
        for name, (template, filling) in fillings.items():
            yield f"{name} {language}", draw_general(template, load_theme(), filling, language)
        notice = draw_notice(load_theme(), "Diese Seite gibt es nicht", "Weiter", language=language)
        yield f"notice {language}", notice


def served(folder: Path) -> Iterator[tuple[str, str]]:
    """What only a real walk shows: texts that are sent, begun, and sent twice."""
    city = make_city(folder / "home", texts_bundle())
    text = city.send({"go": "read:t1"})
    review = city.turn(city.turn(text, {"t1_1.stance": "fits"}), {})
    overview = city.turn(review, {}, "submit")
    yield "overview after a text", overview.text
    yield "sent twice", city.turn(review, {}, "back").text
    begun = city.turn(overview, {}, "read:t2")
    begun = city.turn(city.turn(begun, {"t2_1.stance": "fits"}), {}, "back")
    yield "overview with a begun text", city.turn(begun, {}, "back").text
    damaged = city.send({"go": "next", "state": state_of(begun)[:-8] + "AAAAAAA="})
    yield "damaged", damaged.text
    yield "foreign", city.send({}, {**HERE, "Sec-Fetch-Site": "cross-site"}).text
    yield "promise sheet", city.client.get(f"{city.address}promise").text
    yield "not found", city.client.get("/s/nowhere/").text


@pytest.mark.parametrize("kind", ["examples", "shipped"])
def test_no_page_has_an_error_in_its_html(kind: str, tmp_path: Path) -> None:
    pages: dict[str, str] = {}
    if kind == "examples":
        pages |= dict(general()) | dict(served(tmp_path))
        files = [ROOT / "tests" / "questionnaires" / f"{name}.yaml" for name in EXAMPLES]
    else:
        files = [ROOT / "questionnaires" / "vision" / f"{name}.yaml" for name in SHIPPED]
    for file in files:
        pages |= dict(screens(file))
    assert len(pages) > 60
    folder = tmp_path / "pages"
    folder.mkdir()
    assert html_errors(pages, folder) == []


def test_the_checker_would_find_an_error(tmp_path: Path) -> None:
    found = html_errors({"broken": BROKEN}, tmp_path)
    assert any("Duplicate ID" in line for line in found)
    assert all(line.startswith("broken, line ") for line in found)
