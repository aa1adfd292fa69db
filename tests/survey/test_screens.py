"""The screens of the shipped studies in every language: small enough for a slow connection."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from survey.checks import PAGE_NAMES
from survey.page_state import state_size
from survey.questionnaire import read_questionnaire
from survey.rendering import Filling
from survey.screens import Screens
from survey.theme import load_theme

STUDIES = ("staff", "reading", "public")


@pytest.mark.parametrize("name", STUDIES)
def test_no_page_of_a_shipped_study_is_beyond_the_budget_in_any_language(
    root: Path, name: str
) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{name}.yaml")
    screens = Screens(questionnaire, load_theme())
    state = state_size(questionnaire.instrument) * 4 // 3
    for language in questionnaire.languages:
        start = screens.draw("start", language=language).decode()
        assert len(gzip.compress(start.encode())) < 12_000
        drawn = [screens.draw("review", language=language).decode()]
        for place in range(len(questionnaire.instrument.pages)):
            drawn.append(screens.draw_page(place, Filling(), language).decode())
        for page in drawn:
            assert len(gzip.compress(page.encode())) < 12_000
            assert len(page.encode()) + state < 64_000


@pytest.mark.parametrize("name", STUDIES)
def test_every_language_of_a_shipped_study_draws_the_same_fields(root: Path, name: str) -> None:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / f"{name}.yaml")
    screens = Screens(questionnaire, load_theme())
    for place in range(len(questionnaire.instrument.pages)):
        marks = {
            tag: screens.draw_page(place, Filling(), tag).count(b"<input")
            for tag in questionnaire.languages
        }
        assert len(set(marks.values())) == 1, marks


def test_no_question_can_take_a_name_that_the_pages_use_themselves(root: Path) -> None:
    templates = (root / "survey" / "templates").glob("*.html")
    text = "".join(path.read_text("utf-8") for path in templates)
    literal = set(re.findall(r'[^-]\b(?:id|name)="([a-z_]+)"', text))
    assert {"state", "go", "lang", "code", "fehler"} <= literal
    assert literal - {"viewport", "robots", "true"} <= PAGE_NAMES
