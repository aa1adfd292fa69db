"""Themes of comments in the dossier of readers: beside their passage, and in the closed loop."""

from __future__ import annotations

import re
from dataclasses import replace

import dossier_kinds
import pytest

from reports.beside import Beside, hints, unanswered
from reports.dossier import Dossier
from reports.dossiers import comments
from reports.dossiers.intensive import intensive
from reports.dossiers.process import closed_loop
from reports.estimates import Results
from reports.exhibits import Grid
from reports.proceeding import Answer, Proceeding
from reports.results import results_of
from reports.surroundings import published_with, tracer_of
from reports.tables import _SEAL, Theme, Themes
from reports.tracing import check_numbers


@pytest.fixture(scope="module")
def results(kinds: dossier_kinds.Kinds) -> Results:
    """The reading study with released comments on two passages, one text, and too few on one."""
    release = kinds.results("reading").release

    def released(name: str, coded: int | None, *themes: Theme, others: int = 0) -> Themes:
        question = release.codebook.question(name)
        texts = coded if coded is not None else 4
        return Themes(
            question, texts, 0, 0, coded, themes, 2 if others else 0, others or None, 0, None, (),
            seal=_SEAL,
        )  # fmt: skip

    deputy = Theme("deputy", "Vertretung", 31, ("Wer hilft, wenn die Person krank ist?",))
    found = (
        released("t1_1_comment", 52, deputy, Theme("names", "Namen nennen", 14), others=17),
        released("t1_2_comment", None),
        released("t2_1_comment", 40, Theme("counter", "Schalter behalten", 40)),
        released("t1_missing", 23, Theme("phone", "Telefon", 23), Theme("none", "ohne", 0)),
    )
    texts = {one.question.id: one for one in found}
    return results_of(replace(release, texts=texts, seal=_SEAL))


@pytest.fixture(scope="module")
def dossier(results: Results) -> Dossier:
    return intensive(results)


def grid(dossier: Dossier, section: str, id: str) -> Grid:
    (found,) = (
        block
        for s in dossier.sections
        for block in s.blocks
        if s.id == section and isinstance(block, Grid) and block.id == id
    )
    return found


def test_themes_stand_in_the_chapter_of_the_text_that_they_are_about(dossier: Dossier) -> None:
    assert grid(dossier, "text-1", "themes-1").rows == (
        ("Abschnitt 1.1", "Vertretung", "31", "52"),
        ("Abschnitt 1.1", "Namen nennen", "14", "52"),
        ("Abschnitt 1.1", comments.OTHERS, "17", "52"),
        ("Was im Text 1 fehlt", "Telefon", "23", "23"),
    )
    (row,) = grid(dossier, "text-2", "themes-2").rows
    assert row == ("Abschnitt 2.1", "Schalter behalten", "40", "40")
    chapter = next(s for s in dossier.sections if s.id == "text-1")
    assert "Wer hilft, wenn die Person krank ist?" in " ".join(chapter.texts)


def test_too_few_comments_have_no_themes_and_unreleased_ones_are_named(dossier: Dossier) -> None:
    notes = " ".join(grid(dossier, "text-1", "themes-1").notes)
    assert "Abschnitt 1.2: 4 Texte, zu wenige für Themen." in notes
    chapter = next(s for s in dossier.sections if s.id == "anmerkungen")
    assert comments.NOT_ALL in " ".join(chapter.texts)


def test_every_number_of_a_theme_has_an_address(results: Results, dossier: Dossier) -> None:
    check_numbers(dossier, tracer_of(published_with(results, Beside()), Beside()))


def test_a_theme_without_an_answer_is_named_with_its_passage_and_number(
    results: Results,
) -> None:
    open_themes = [hint for hint in hints(results) if hint.is_theme]
    assert [hint.to for hint in open_themes] == [
        "t2_1_comment.counter", "t1_1_comment.deputy", "t1_missing.phone", "t1_1_comment.names",
    ]  # fmt: skip
    said = "Bei Krankheit fehlt jemand."
    answer = Answer("t1_1_comment.deputy", said, "taken", "Es gibt ein Team.", "Bürgerdienste")
    beside = Beside(Proceeding("vision-reading", answers=(answer,)))
    assert "t1_1_comment.deputy" not in {hint.to for hint in unanswered(results, beside)}
    assert "t2_1_comment.counter" in {hint.to for hint in unanswered(results, beside)}
    (chapter,) = closed_loop(results, beside)
    text = " ".join(chapter.texts).replace("\u00a0", " ")
    assert f"Abschnitt 1.1: Vertretung (31 von 52 Texten): {said}" in text
    assert "„Abschnitt 2.1: Schalter behalten (40 von 40 Texten)“" in text
    composed = intensive(results, beside)
    check_numbers(composed, tracer_of(published_with(results, beside), beside))


def test_without_any_release_the_dossier_says_that_comments_come_later(
    kinds: dossier_kinds.Kinds,
) -> None:
    whole = kinds("intensive").dossier
    text = " ".join(text for s in whole.sections for text in s.texts)
    assert comments.NOT_YET in text
    assert not re.search("themes-", " ".join(b.id for s in whole.sections for b in s.blocks
                                             if isinstance(b, Grid)))  # fmt: skip
