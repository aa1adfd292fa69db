"""A study in each of its languages: what is said, and what is marked as another language."""

from __future__ import annotations

import html5lib
from hypothesis import given
from hypothesis import strategies as st
from respondent import journey_bundle

from survey.questionnaire import read_bundle
from survey.rendering import Filling, fill, parse
from survey.voices import Voice

JOURNEY = read_bundle(journey_bundle())
GERMAN, ENGLISH, TURKISH = (Voice.of(JOURNEY, tag) for tag in ("de", "en", "tr"))
PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="{}"), max_size=30
)


def shown(text: str, **answers: str) -> str:
    """What a browser reads where a text of the study stands."""
    filled = fill(parse(GERMAN.words(text)), Filling(answers=answers)).decode()
    tree = html5lib.parse(
        f"<!doctype html><title>x</title><p>{filled}</p>", namespaceHTMLElements=False
    )
    (paragraph,) = tree.iter("p")
    assert len(paragraph) == 0, "an answer has become an element"
    return "".join(paragraph.itertext())


@given(PLAIN, st.text("<>&\"'{}b means", max_size=30))
def test_an_answer_stays_text_wherever_a_study_mentions_it(before: str, answer: str) -> None:
    assert shown(before + "{{ means }}!", means=answer) == before + (answer or "…") + "!"


def test_only_a_sample_marks_what_it_has_not_translated() -> None:
    assert GERMAN.words("Wege") == ENGLISH.words("Wege") == "Wege"
    assert TURKISH.words("Wunsch") == '<span lang="de">Wunsch</span>'
    assert TURKISH.words("Yollar") == "Yollar"


def test_a_voice_knows_which_answers_its_texts_mention() -> None:
    assert GERMAN.mentioned
    assert GERMAN.mentioned == ENGLISH.mentioned
    assert GERMAN.mentioned <= {item.id for item in GERMAN.instrument.items}


def test_all_languages_share_ids_and_have_their_own_names() -> None:
    assert [one.name for one in ENGLISH.languages] == [
        "Deutsch",
        "English",
        "Einfache Sprache",
        "Türkçe",
    ]
    assert [i.id for i in ENGLISH.instrument.items] == [i.id for i in GERMAN.instrument.items]
    assert ENGLISH.instrument.hash == GERMAN.instrument.hash
