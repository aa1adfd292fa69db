"""The three shipped studies: what they ask, whom, and what they owe their respondents."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

import pytest

from survey import ballot
from survey.codebook import Role, Scale, Variable
from survey.errors import AnswerError
from survey.instrument import Questionnaire
from survey.items.passage import Passage
from survey.population import draw_population
from survey.questionnaire import read_questionnaire
from survey.study import Access, Regime
from survey.study_checks import WELCOME

VISION = Path(__file__).parents[2] / "questionnaires" / "vision"
STUDIES = ("staff", "public", "reading")
TRACKS = [
    ("staff", "de"),
    ("staff", "en"),
    ("staff", "de-leicht"),
    ("public", "de"),
    ("public", "en"),
    ("public", "de-leicht"),
    ("public", "tr"),
    ("reading", "de"),
    ("reading", "en"),
]


@cache
def shipped(name: str) -> Questionnaire:
    return read_questionnaire(VISION / f"{name}.yaml")


@pytest.mark.parametrize(
    ("name", "regime", "access", "closes"),
    [
        ("staff", Regime.CENSUS_ATTEMPT, Access.CODES, "2027-05-21"),
        ("reading", Regime.SELF_SELECTED_READING, Access.OPEN, "2027-07-16"),
        ("public", Regime.OPEN_PARTICIPATION, Access.OPEN, "2027-10-08"),
    ],
)
def test_each_study_has_its_regime_its_access_and_its_dates(
    name: str, regime: Regime, access: Access, closes: str
) -> None:
    study = shipped(name).study
    assert (study.id, study.regime, study.access) == (f"vision-{name}", regime, access)
    assert study.closes is not None
    assert study.closes.date().isoformat() == closes
    assert (study.frame is None) == (regime is not Regime.CENSUS_ATTEMPT)


@pytest.mark.parametrize("name", STUDIES)
def test_the_phases_of_the_process_agree_with_the_dates_of_every_study(name: str) -> None:
    phases = [(phase.title, phase.start, phase.end) for phase in shipped(name).study.phases]
    assert phases == [(p.title, p.start, p.end) for p in shipped("staff").study.phases]
    own = {"staff": 2, "reading": 3, "public": 4}[name]
    study = shipped(name).study
    assert study.opens is not None
    assert study.closes is not None
    assert phases[own][1:] == (
        study.opens.date().isoformat(),
        study.closes.date().isoformat(),
    )
    states = [phase.state for phase in study.phases]
    assert states == ["abgeschlossen"] * own + ["läuft"] + ["geplant"] * (5 - own)


@pytest.mark.parametrize(("name", "tag"), TRACKS)
def test_the_start_page_owes_its_respondents_nothing_in_any_language(name: str, tag: str) -> None:
    study, _ = shipped(name).in_language(tag)
    for text in (study.title, study.purpose, study.population, study.contact, study.retention):
        assert text
    assert set(WELCOME) - {"stored"} <= set(study.welcome)
    assert study.next_steps
    assert study.commissioner


def test_the_public_study_says_that_it_is_neither_a_picture_nor_a_vote() -> None:
    questionnaire = shipped("public")
    german = questionnaire.study.welcome
    assert "kein Abbild aller Einwohner*innen und keine Abstimmung" in german["evaluation"]
    assert "nur an Mustern" in german["not_stored"]
    english = questionnaire.in_language("en")[0].welcome
    assert "no picture of all residents and no vote" in english["evaluation"]
    plain = questionnaire.in_language("de-leicht")[0].welcome
    assert "Diese Umfrage ist keine Wahl." in plain["evaluation"]


# -- the public study ---------------------------------------------------------------------


def test_the_public_study_asks_for_the_relation_to_the_city_first() -> None:
    items = [item.id for item in shipped("public").instrument.items]
    assert items[:2] == ["relation", "employee"]
    assert items[-2:] == ["district", "age"]


def test_what_staff_and_public_share_has_the_same_ids_words_and_values() -> None:
    staff, public = (shipped(name).codebook for name in ("staff", "public"))
    assert public.question("motto_appeal") == staff.question("motto_appeal")
    assert public.question("motto") == staff.question("motto")
    inside = {v.name: v for v in staff.question("quality_today").variables}
    outside = {v.name: v for v in public.question("quality_today").variables}
    shared = inside.keys() & outside.keys()
    assert {name.removeprefix("quality_today_") for name in shared} == {
        *("reliable", "swift", "clear", "friendly", "fair")
    }
    assert [outside[name] for name in shared] == [inside[name] for name in shared]
    assert len(outside) == 6
    rows = {r.code: r for r in shipped("staff").instrument.item("quality").rows}  # type: ignore[attr-defined]
    for row in shipped("public").instrument.item("quality_today").rows:  # type: ignore[attr-defined]
        assert row == rows.get(row.code, row)


def test_the_choice_of_a_motto_has_a_way_out() -> None:
    for name in ("staff", "public"):
        codes = [code.name for code in shipped(name).codebook.question("motto").variables[0].codes]
        assert codes[-3:] == ["none", "unnecessary", "dont_know"]
        assert len(codes) == 7


def test_the_public_study_asks_for_three_of_six_topics_and_six_hundred_characters() -> None:
    questionnaire = shipped("public")
    (topics,) = questionnaire.codebook.with_role(Role.RANKING)
    assert (topics.depth, len(topics.variables)) == (3, 6)
    assert questionnaire.instrument.item("improve").text_lengths == {"improve": 600}


def test_only_those_who_had_contact_are_asked_how_easy_it_was() -> None:
    instrument = shipped("public").instrument
    assert "concern" in instrument.shown({"contact": "yes"})
    for code in ("no", "dont_know"):
        assert "concern" not in instrument.shown({"contact": code})
    assert "concern" not in instrument.shown({})
    with pytest.raises(AnswerError):
        instrument.check_answers({"contact": "no", "concern": "3"})


def test_those_who_live_elsewhere_are_not_asked_for_a_district() -> None:
    instrument = shipped("public").instrument
    for code, asked in {"resident": 1, "refused": 1, "works": 0, "other": 0}.items():
        assert ("district" in instrument.shown({"relation": code})) == asked
    assert "district" in instrument.shown({})


def test_the_nine_districts_carry_the_population_as_context_and_not_as_a_frame() -> None:
    questionnaire = shipped("public")
    composition = questionnaire.study.composition
    assert composition is not None
    assert questionnaire.study.frame is None
    assert composition.total == 1_027_514
    margin = composition.margin("district")
    (district,) = questionnaire.codebook.with_role(Role.DISTRICT)
    names = [code.name for code in district.variables[0].answers]
    assert list(margin) == names
    assert [name for name in names if margin[name] == 0] == ["outside"]
    assert len(names) == 10


def test_every_one_of_the_86_quarters_leads_to_one_district() -> None:
    options = shipped("public").instrument.item("district").options  # type: ignore[attr-defined]
    named = [quarter for option in options for quarter in option.help.split(", ") if quarter]
    assert len(named) == len(set(named))
    assert not set(named) & {option.label for option in options}
    assert len(named) > 80


def test_simulated_residents_live_where_the_population_numbers_say() -> None:
    questionnaire = shipped("public")
    shares = {"relation": {"resident": 0.9, "works": 0.1}}
    population = draw_population(questionnaire, 5, size=20_000, shares=shares)
    composition = questionnaire.study.composition
    assert composition is not None
    (variable,) = questionnaire.codebook.question("district").variables
    for code in variable.answers:
        share = (population.values["district"] == code.value).mean()
        assert share == pytest.approx(
            composition.margin("district")[code.name] / composition.total, abs=0.01
        )
    residents = population.values["relation"] == _value(questionnaire, "relation", "resident")
    assert residents.mean() == pytest.approx(0.9, abs=0.01)


def _value(questionnaire: Questionnaire, id: str, name: str) -> int:
    (variable,) = questionnaire.codebook.question(id).variables
    return next(code.value for code in variable.codes if code.name == name)


# -- the reading study --------------------------------------------------------------------


def test_the_reading_study_has_seven_texts_with_three_passages_and_a_closing_question() -> None:
    instrument = shipped("reading").instrument
    assert [text.id for text in instrument.texts] == [f"t{n}" for n in range(1, 8)]
    for text in instrument.texts:
        pages = instrument.of_text(text.id)
        assert [page.id for page in pages] == [f"{text.id}_page", "about_work"]
        assert pages[0].title == text.title
        assert text.minutes == 3
        *passages, closing = pages[0].items
        assert [item.id for item in passages] == [f"{text.id}_{n}" for n in (1, 2, 3)]
        assert all(isinstance(item, Passage) for item in passages)
        assert (closing.id, closing.text) == (
            f"{text.id}_missing",
            "Was fehlt in diesem Text ganz?",
        )


def test_every_passage_is_bound_to_its_words_by_a_hash() -> None:
    questionnaire = shipped("reading")
    passages = [item for item in questionnaire.instrument.items if isinstance(item, Passage)]
    assert len({item.passage for item in passages}) == 21
    for item in passages:
        digest = hashlib.sha256(item.passage.encode()).hexdigest()
        assert questionnaire.codebook.question(item.id).base == f"sha256:{digest}"
        (stance,) = questionnaire.codebook.question(item.id).variables
        assert [code.name for code in stance.codes] == ["fits", "unclear", "change", "no_opinion"]
        assert item.text_lengths == {f"{item.id}_comment": 600}


def test_the_reading_study_asks_for_the_workplace_and_for_no_department() -> None:
    questionnaire = shipped("reading")
    assert len(questionnaire.codebook.with_role(Role.WORKPLACE)) == 1
    assert not questionnaire.codebook.with_role(Role.DEPARTMENT)
    assert not questionnaire.codebook.with_role(Role.DEMOGRAPHIC)


def test_a_ballot_of_the_reading_study_holds_one_text_only() -> None:
    instrument = shipped("reading").instrument
    answers = {"t2_1": {"stance": "fits"}, "workplace": "desk"}
    assert instrument.check_answers(answers, text="t2") == answers
    with pytest.raises(AnswerError):
        instrument.check_answers({**answers, "t3_1": {"stance": "fits"}}, text="t2")


@pytest.mark.parametrize("name", STUDIES)
def test_every_ballot_fits_into_the_seal(name: str) -> None:
    questionnaire = shipped(name)
    size = ballot.padded_size(questionnaire.instrument, questionnaire.study.id)
    assert size <= 16 * 1024


# -- words --------------------------------------------------------------------------------

MASCULINE = re.compile(
    r"\b(Mitarbeiter|Bürger|Einwohner|Teilnehmer|Nutzer|Kollegen|Verfasser|Leser|Besucher)\b(?!\*)"
)
ADDRESSED = re.compile(r"\b(du|dein\w*|dir|dich)\b", re.IGNORECASE)


def texts(questionnaire: Questionnaire, tag: str) -> list[str]:
    """Everything that a respondent reads in a language."""
    study, instrument = questionnaire.in_language(tag)
    found = [study.title, study.population, study.purpose, *study.welcome.values()]
    found += [study.retention, study.next_steps, study.contact]
    for page in instrument.pages:
        found += [page.title, page.intro]
        for item in page.items:
            found += [item.title, item.text, item.help, getattr(item, "passage", "")]
            parts = [getattr(item, name, ()) for name in ("options", "rows", "facets")]
            for part in (part for some in parts if isinstance(some, tuple) for part in some):
                found += [getattr(part, word) for word in part.words]
    return [text for text in found if text]


@pytest.mark.parametrize(("name", "tag"), [t for t in TRACKS if t[1].startswith("de")])
def test_german_texts_are_fair_to_all_genders_and_polite(name: str, tag: str) -> None:
    for text in texts(shipped(name), tag):
        assert not MASCULINE.search(text), text
        assert not ADDRESSED.search(text), text


@pytest.mark.parametrize("name", ["staff", "public"])
def test_plain_texts_say_one_thought_per_sentence(name: str) -> None:
    for text in texts(shipped(name), "de-leicht"):
        assert ";" not in text, text
        for sentence in re.split(r"[.!?]\s|[.!?]$", text):
            assert len(sentence.split()) <= 15, sentence


def test_every_step_of_every_scale_has_as_many_words_of_its_own_in_every_language() -> None:
    for name, tag in TRACKS:
        _, instrument = shipped(name).in_language(tag)
        for question in instrument.codebook("x"):
            if question.scale is Scale.ORDINAL:
                assert all(map(_labels_differ, question.variables)), (name, tag, question.id)


def _labels_differ(variable: Variable) -> bool:
    labels = [code.label.casefold() for code in variable.codes]
    return len(labels) == len(set(labels))
