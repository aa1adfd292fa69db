"""The first page of every kind: read in a minute, whatever the study's own texts are."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import dossier_kinds
import pymupdf
import pytest

from reports import rank_wording, summaries, typography
from reports.beside import Beside
from reports.common_items import common
from reports.dossier import FRONT_WORDS, Dossier, Section, words
from reports.dossiers import (
    chapters,
    comparison,
    council,
    department,
    intensive,
    open_council,
    scales,
)
from reports.errors import DossierError
from reports.estimates import Results
from reports.readings import disputed, texts
from reports.tables import _SEAL
from survey.codebook import Role

STUDIES = {"council": "staff", "open": "public", "comparison": "staff", "intensive": "reading",
           "department": "staff", "notice": "staff"}  # fmt: skip

SENTENCE = "Die Verwaltung legt dem Rat vor, was die Antworten zeigen und was daraus folgt. "

Front = Callable[[str, Results], Section]


@pytest.fixture(scope="module")
def front(kinds: dossier_kinds.Kinds) -> Front:
    """Composes the first page of a kind from changed results of its study."""

    def made(kind: str, results: Results) -> Section:
        if kind == "council":
            return council._front(results, chapters.rankings(results))
        if kind == "open":
            return open_council._front(results, chapters.rankings(results))
        if kind == "comparison":
            steps = results.release.study.next_steps
            public = with_texts(kinds.results("public"), next_steps=steps)
            return comparison._front(results, public, common(results, public))
        if kind == "intensive":
            return intensive._front(results, texts(results))
        unit = dossier_kinds.withheld_unit(results) if kind == "notice" else dossier_kinds.UNIT
        return department.department(results, unit).sections[0]

    return made


def with_texts(results: Results, **texts: str) -> Results:
    """The results with other texts of their study."""
    study = replace(results.release.study, **texts)  # type: ignore[arg-type]
    return replace(results, release=replace(results.release, study=study, seal=_SEAL))


@pytest.mark.parametrize("kind", STUDIES)
def test_long_texts_of_a_study_are_shortened_and_never_stop_a_build(
    kind: str, front: Front, kinds: dossier_kinds.Kinds
) -> None:
    long = SENTENCE * 20
    names = ("council_question", "purpose", "next_steps")
    results = with_texts(kinds.results(STUDIES[kind]), **dict.fromkeys(names, long))
    assert words(front(kind, results)) <= FRONT_WORDS


@pytest.mark.parametrize("kind", STUDIES)
def test_our_own_words_leave_half_of_the_first_page_to_the_study(
    kind: str, front: Front, kinds: dossier_kinds.Kinds
) -> None:
    names = ("council_question", "purpose", "next_steps", "contact")
    results = with_texts(kinds.results(STUDIES[kind]), **dict.fromkeys(names, ""))
    own = re.sub("„[^“]*“", "", " ".join(front(kind, results).texts))
    assert len(own.split()) <= 180


@pytest.mark.parametrize(
    ("compose", "study", "name"),
    [(council.council, "public", "council_question"), (intensive.intensive, "reading", "purpose")],
)
def test_one_sentence_that_fills_the_page_is_named_with_its_key(
    compose: Callable[[Results], Dossier], study: str, name: str, kinds: dossier_kinds.Kinds
) -> None:
    endless = "Soll " + "und auch weiter so " * 60 + "beschlossen werden?"
    results = with_texts(kinds.results(study), **{name: endless})
    with pytest.raises(DossierError, match=rf"study: {name} \({len(endless.split())} words\)"):
        compose(results)


def test_a_comparison_leaves_a_question_out_before_what_was_found(
    front: Front, kinds: dossier_kinds.Kinds
) -> None:
    endless = "Soll " + "und auch weiter so " * 60 + "beschlossen werden?"
    results = with_texts(kinds.results("staff"), council_question=endless)
    text = " ".join(front("comparison", results).texts)
    assert "und auch weiter so" not in text
    assert "mindestens drei Prozentpunkte auseinander" in text


def test_findings_stay_while_other_texts_can_be_shortened(
    front: Front, kinds: dossier_kinds.Kinds
) -> None:
    """Three findings are what a councillor came for."""
    texts = {"council_question": SENTENCE * 6, "next_steps": SENTENCE * 6}
    whole = kinds.results("staff")
    before = front("council", with_texts(whole, council_question=SENTENCE, next_steps=""))
    after = front("council", with_texts(whole, **texts))
    assert SENTENCE.strip() in " ".join(after.texts)
    for finding in before.blocks[1].texts:
        kept = finding.replace(f" {rank_wording.NO_OTHER}", "").partition(" Mehr Zustimmung:")[0]
        assert kept in " ".join(after.texts).replace(f" {rank_wording.NO_OTHER}", "")


def test_the_first_page_says_which_motto_is_liked_more_than_the_one_that_is_ahead(
    front: Front, kinds: dossier_kinds.Kinds
) -> None:
    results = kinds.results("staff")
    (choice,) = scales.choice_rows(results)
    text = " ".join(front("council", with_texts(results, next_steps="")).texts)
    assert "liegt vorn" in text
    ((_, rows),) = scales.grids(results, Role.PREFERENCE)
    most = max(rows, key=lambda row: row.top2.value or 0.0 if row.top2 else 0.0)
    assert most.top2 is not None
    more = f"Mehr Zustimmung: „{most.label}“ ({most.top2.printed})."
    assert scales.judged_apart(results, choice).endswith(more)
    assert more in text
    assert more not in scales.judged_apart(results, choice, most=False)


def test_a_full_first_page_loses_what_is_liked_more_before_that_the_choice_is_surely_ahead(
    front: Front, kinds: dossier_kinds.Kinds
) -> None:
    (choice,) = scales.choice_rows(kinds.results("staff"))
    more = scales.judged_apart(kinds.results("staff"), choice).partition("Mehr Zustimmung")[1]
    pages = []
    for length in range(1, 140, 3):
        question = " ".join(["Soll", *["auch"] * length, "sein?"])
        results = with_texts(kinds.results("staff"), council_question=question)
        text = " ".join(front("council", results).texts)
        pages.append((rank_wording.NO_OTHER in text, more in text))
    # both, then only that it is ahead, then neither
    assert list(dict.fromkeys(pages)) == [(True, True), (True, False), (False, False)]


def test_names_of_many_merged_departments_move_to_the_council_dossier(
    kinds: dossier_kinds.Kinds,
) -> None:
    whole = kinds.results("staff")
    long = " ".join(["Abteilung"] * 120)
    book = whole.release.codebook
    questions = tuple(
        replace(q, variables=tuple(
            replace(v, codes=tuple(replace(c, label=f"{long} {c.label}") for c in v.codes))
            for v in q.variables
        )) if q.id == "department" else q
        for q in book.questions
    )  # fmt: skip
    release = replace(whole.release, codebook=replace(book, questions=questions), seal=_SEAL)
    results = replace(whole, release=release)
    merged = next(d for d, _ in release.ballots["department"] if d.members)
    report = department.department(results, merged.code)
    assert department.MEMBERS_ELSEWHERE in " ".join(report.sections[0].texts)


def test_who_is_chosen_most_is_told_with_those_who_reject_it(
    kinds: dossier_kinds.Kinds,
) -> None:
    """A proposal may be chosen most and rejected by still more: the first page says both."""
    for study, kind in (("staff", "council"), ("public", "open")):
        results = kinds.results(study)
        (choice,) = scales.choice_rows(results)
        ranked = summaries.chosen(results, choice.question)
        assert ranked is not None
        first = rank_wording.lead(ranked).orders[0][0]
        asked = results.release.codebook.question("motto_appeal")
        liked = summaries.distributions(results, asked)
        top, bottom = next((d.top2, d.bottom2) for d in liked if d.variable.element == first)
        assert top is not None
        assert bottom is not None
        both = f"Einzeln bewertet: {top.printed} sagen „ziemlich“ oder „sehr“, {bottom.printed} "
        assert both in " ".join(kinds(kind).dossier.sections[0].texts)


def test_the_lead_of_a_choice_stands_beside_what_would_erase_it(
    kinds: dossier_kinds.Kinds,
) -> None:
    point = kinds.results("staff").get("motto", "tipping_point")
    text = " ".join(
        t for s in kinds("council").dossier.sections if s.id == "wahl-motto" for t in s.texts
    )
    assert "die zweithäufigste Antwort öfter gewählt würde als die häufigste" in text
    assert f"um mindestens {point.printed} dieser Personen" in text


def test_a_comparison_goes_on_from_the_study_that_closed_last(kinds: dossier_kinds.Kinds) -> None:
    whole = kinds("comparison").dossier
    public = kinds.results("public").release.study
    assert public.next_steps in " ".join(whole.sections[0].texts)
    text = " ".join(t for s in whole.sections if s.id == "stand" for t in s.texts)
    assert "8. Oktober 2027 abgeschlossen" in text.replace("\u00a0", " ")


DIFFERENT = "beide höchsten Stufen, verschieden gefragt"


def test_a_comparison_says_on_its_first_page_where_the_questions_differ(
    kinds: dossier_kinds.Kinds,
) -> None:
    text = " ".join(kinds("comparison").dossier.sections[0].texts)
    assert f"Wie gut die Qualitäten heute gelingen ({DIFFERENT}): Bei" in text
    assert "Wie die Mottos ansprechen (beide höchsten Stufen): Bei" in text


def test_words_of_the_public_study_are_those_of_its_regime_in_a_comparison_too(
    kinds: dossier_kinds.Kinds,
) -> None:
    public = with_texts(kinds.results("public"), population="Alle, Rücklauf unbekannt")
    with pytest.raises(DossierError, match="rücklauf"):
        comparison.comparison(kinds.results("staff"), Beside(partner=public))


def test_the_first_page_of_a_reading_says_how_many_want_a_change(
    kinds: dossier_kinds.Kinds,
) -> None:
    found = texts(kinds.results("reading"))
    shares = [
        p.distribution.steps[-1][1] for t in found for p in t.passages
        if p.has_shares and p.distribution is not None
    ]  # fmt: skip
    most = max(shares, key=lambda share: share.value or 0.0)
    text = " ".join(kinds("intensive").dossier.sections[0].texts)
    assert f"bis {most.printed}" in text.partition("„Sollte geändert werden“ sagen je nach")[2]


# -- five questions that pages one and two answer ------------------------------------------------


@pytest.fixture(scope="module")
def first_two(kinds: dossier_kinds.Kinds) -> Callable[[str], str]:
    """The words of the first two pages of a kind, as a reader finds them in the file."""

    def read(kind: str) -> str:
        module: Any = pymupdf
        with module.open(kinds(kind).path) as document:
            text = " ".join(document[number].get_text() for number in (0, 1))
        plain = re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("‐", "-"))
        return re.sub(r"(?<=[a-zäöüß])- (?=[a-zäöüß])", "", plain)

    return read


def plain(printed: str) -> str:
    return re.sub(r"\s", " ", printed)


def answered(text: str, answers: Mapping[str, str]) -> None:
    assert len(answers) == 5
    for question, answer in answers.items():
        assert plain(answer) in text, question


def test_five_questions_on_a_public_study_are_answered_by_two_pages(
    first_two: Callable[[str], str], kinds: dossier_kinds.Kinds
) -> None:
    results = kinds.results("public")
    study = results.release.study
    shown = kinds("open").dossier
    relation = results.get("", "composition", by="relation", domain="resident")
    lead = next(t for t in shown.sections[0].texts if "Unter den Teilnehmenden" in t)
    answered(first_two("open"), {
        "how many ballots, and who came": "1 100 Stimmzettel, freiwillig und ohne Einladung",
        "what is the council asked": study.council_question,
        "which field is named most often, or whether none is": lead,
        "whom it does not speak for": "Wie Menschen denken, die nicht teilgenommen haben.",
        "who took part": plain(relation.printed),
    })  # fmt: skip


def test_five_questions_on_a_comparison_are_answered_by_two_pages(
    first_two: Callable[[str], str], kinds: dossier_kinds.Kinds
) -> None:
    staff, public = kinds.results("staff"), kinds.results("public")
    answered(first_two("comparison"), {
        "how many employees": f"3 000 von 22 000 Befragten "
        f"({staff.get('', 'response_rate').printed})",
        "how many others": "1 100 Stimmzettel, freiwillig",
        "what lies apart": "liegen die Anteile mindestens drei Prozentpunkte auseinander",
        "whether there is one number for both": "werden nie zu einer Zahl vermengt",
        "who could take part": public.release.study.population,
    })  # fmt: skip


def test_five_questions_on_a_reading_are_answered_by_two_pages(
    first_two: Callable[[str], str], kinds: dossier_kinds.Kinds
) -> None:
    results = kinds.results("reading")
    top = sorted(disputed(texts(results), intensive.FIRST), key=lambda p: p.question.id)
    answered(first_two("intensive"), {
        "how many replies": "700 zu allen Texten zusammen",
        "which passages are disputed": typography.listed([f"„{p.title}“" for p in top]),
        "whether people or replies are counted": "Gezählt werden Rückmeldungen je Text, nicht",
        "whom it does not speak for": "Wie Menschen denken, die nicht gelesen haben.",
        "who was invited": results.release.study.population,
    })  # fmt: skip


def test_five_questions_of_a_department_are_answered_by_two_pages(
    first_two: Callable[[str], str], kinds: dossier_kinds.Kinds
) -> None:
    staff = kinds.results("staff")
    own = staff.get("", "response_rate", by="department", domain=dossier_kinds.UNIT)
    answered(first_two("department"), {
        "how many answered": f"{own.base_n} von",
        "what rate": own.printed,
        "what rate elsewhere": staff.get("", "response_rate").printed,
        "what sets it apart": "vom Rest der Verwaltung unterscheidet",
        "what it cannot say": "Woher ein Unterschied kommt",
    })  # fmt: skip


# -- words of the questionnaire that charts put into one word ------------------------------------


@pytest.mark.parametrize(
    ("kind", "study", "label"),
    [("council", "staff", "Kann ich nicht beurteilen"), ("open", "public", "Kann ich nicht sagen")],
)
def test_notes_of_reading_say_what_else_the_word_for_no_opinion_stands_for(
    kind: str, study: str, label: str, kinds: dossier_kinds.Kinds
) -> None:
    book = kinds.results(study).release.codebook
    said = chapters.silence(book)
    assert said.endswith(f"eigens gezeigt; „weiß nicht“ steht auch für „{label}“.")
    assert [text for s in kinds(kind).dossier.sections for text in s.texts].count(said) == 1
    alike = [q for q in book if not any(c.label == label for v in q.variables for c in v.codes)]
    assert chapters.silence(replace(book, questions=tuple(alike))).endswith("eigens gezeigt.")
