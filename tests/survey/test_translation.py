"""The interface in other languages: complete, and with the same holes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from babel.messages.extract import extract_from_dir
from respondent import sample_questionnaire

from survey.instrument import Questionnaire
from survey.rendering import Filling
from survey.screens import Screens
from survey.theme import load_theme
from survey.translation import catalogue

METHODS = [("templates/**.html", "jinja2.ext:babel_extract"), ("**.py", "python")]


def sentences(root: Path) -> Iterator[str]:
    for _, _, message, _, _ in extract_from_dir(root / "survey", method_map=METHODS):
        assert isinstance(message, str)
        yield message


def test_every_sentence_of_the_interface_is_translated_into_english(root: Path) -> None:
    english = catalogue("en")
    same = {"Name"}
    missing = {s for s in sentences(root) if english.gettext(s) == s and s not in same}
    assert missing == set()


def test_translations_have_the_same_holes(root: Path) -> None:
    for sentence in sentences(root):
        holes = re.compile(r"%\((\w+)\)")
        translated = catalogue("en").gettext(sentence)
        assert sorted(holes.findall(sentence)) == sorted(holes.findall(translated))


def test_german_needs_no_file_and_an_unknown_language_falls_back_to_it() -> None:
    for language in ("de", "xx"):
        assert catalogue(language).gettext("Weiter") == "Weiter"


def test_a_study_in_english_gets_an_english_interface() -> None:
    sample = sample_questionnaire()
    english = Questionnaire(replace(sample.study, language="en"), sample.instrument)
    page = Screens(english, load_theme()).draw_page(0, Filling(mistakes={"fields.a": "x"}))
    assert '<html lang="en">' in page
    assert "Page 1 of 4" in page
    assert "Continue" in page
    assert "<title>Error: " in page
    assert "Weiter" not in page
