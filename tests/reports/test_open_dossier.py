"""The council dossier of studies in which whoever wanted took part: no inference anywhere."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.disclosure import release
from reports.dossier import Dossier, Paragraph, checked
from reports.dossiers import chapters, scales
from reports.dossiers.council import council
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Picture
from reports.results import results_of
from reports.wording import BANNED, even
from survey.home import Home
from survey.importing import import_answers
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set
from survey.study import Regime

TWO_TEXTS = """\
schema: 1
study:
  id: two-texts
  title: Zwei Entwürfe einer Vision
  regime: open_participation
  access: open
  population: Alle, die in der Stadt leben, arbeiten oder zu Besuch sind
  council_question: Soll einer der beiden Entwürfe Grundlage der Vision werden?
  closes: 2027-04-30T18:00:00+02:00
lists:
  drafts:
    - {code: one, label: Entwurf A}
    - {code: two, label: Entwurf B}
scales:
  appeal:
    scored: true
    steps:
      - {code: 1, label: gar nicht}
      - {code: 2, label: wenig}
      - {code: 3, label: mittelmäßig}
      - {code: 4, label: ziemlich}
      - {code: 5, label: sehr}
pages:
  - id: first
    title: Die Entwürfe
    items:
      - id: appeal
        type: grid
        role: preference
        title: Wie die Entwürfe ansprechen
        text: Wie sehr spricht Sie dieser Entwurf an?
        list: drafts
        scale: appeal
"""

STEPS = {"one": (388, 420, 536, 657, 390), "two": (401, 417, 538, 660, 375)}
"""Answers per step: 43.8, 22.4 and 33.8 % for the first draft, nearly the same for the second."""


def two_texts(folder: Path) -> Results:
    """The results of 2,391 answers on two drafts, imported as a file."""
    questionnaire = folder / "two.yaml"
    questionnaire.write_text(TWO_TEXTS, encoding="utf-8")
    columns = [
        [step for step, count in enumerate(STEPS[name], start=1) for _ in range(count)]
        for name in STEPS
    ]
    shifted = columns[1][700:] + columns[1][:700]
    lines = ["appeal_one,appeal_two"]
    lines += [f"{one},{two}" for one, two in zip(columns[0], shifted, strict=True)]
    table = folder / "answers.csv"
    table.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study = read_questionnaire(questionnaire)
    data_set, _ = import_answers(Home(folder / "home"), study, table)
    return results_of(release(data_set))


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Dossier:
    return council(two_texts(tmp_path_factory.mktemp("two")))


@pytest.fixture(scope="module")
def public(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "public.yaml")
    path = tmp_path_factory.mktemp("public") / "public.zip"
    return results_of(release(simulate_data_set(questionnaire, 1200, 5, path)))


def front(dossier: Dossier) -> str:
    return " ".join(dossier.sections[0].texts).replace("\u00a0", " ")


def every_text(dossier: Dossier) -> str:
    return " ".join(dossier.texts).replace("\u00a0", " ")


def test_the_real_case_says_that_there_is_no_clear_difference(drafts: Dossier) -> None:
    assert (
        "Unter den Teilnehmenden gibt es zwischen „Entwurf A“ und „Entwurf B“ keinen klaren "
        "Unterschied."
    ) in front(drafts)


def test_a_dossier_of_imported_answers_does_not_say_how_they_were_collected(
    drafts: Dossier, public: Results
) -> None:
    assert "Stimmzettel, als fertige Datei übernommen" in front(drafts)
    assert "ohne Einladung" not in front(drafts)
    assert "Wie die Antworten erhoben wurden" in front(drafts)
    assert "Wie die Antworten erhoben wurden" not in front(council(public))


def test_the_real_case_shows_the_rejecting_third_on_page_one(drafts: Dossier) -> None:
    text = front(drafts)
    assert "„Entwurf A“: 43,8 % sagen „ziemlich“ oder „sehr“, 33,8 % „gar nicht“ oder" in text
    assert "„Entwurf B“: 43,3 %" in text
    assert "2\u202f391 Stimmzettel" in text


def test_the_real_case_shows_every_step_and_the_neutral_answers(drafts: Dossier) -> None:
    assert "22,4 %" in every_text(drafts)


FORBIDDEN = re.compile(
    r"±|\+/-|fehlertoleranz|repräsentativ|signifikan|konfidenz|unschärfe|sieger|favorit|"
    r"stimmten für|rücklauf|mögliche plätze|liegt vorn",
    re.IGNORECASE,
)


@pytest.mark.parametrize("which", ["drafts", "public"])
def test_no_word_and_no_sign_of_inference_stands_in_an_open_dossier(
    which: str, request: pytest.FixtureRequest
) -> None:
    found = request.getfixturevalue(which)
    dossier = found if isinstance(found, Dossier) else council(found)
    assert not FORBIDDEN.findall(every_text(dossier))


def test_taking_part_is_a_count_without_a_rate(public: Results) -> None:
    text = front(council(public))
    assert "1\u202f200 Stimmzettel" in text
    assert not re.search(r"Beteiligung (?:von|\d)|von \S+ Befragten", every_text(council(public)))


def test_a_lead_stands_beside_the_ballots_that_would_erase_it(public: Results) -> None:
    (stated,) = public.select("topics", "erased_by")
    share = public.get("topics", "top_k", stated.category)
    text = every_text(council(public))
    printed = share.printed.replace(chr(160), " ")
    assert f"am häufigsten unter den ersten drei genannt ({printed} der gültigen" in text
    assert f"{stated.printed} zusätzliche Stimmzettel für das nächste Feld" in text


def test_results_without_repeated_patterns_stand_where_the_gate_lets_them(
    public: Results,
) -> None:
    chapter = next(s for s in council(public).sections if s.id == "muster")
    text = " ".join(chapter.texts)
    shown = [row for row in public.select(statistic="untouched") if row.value is not None]
    withheld = [row for row in public.select(statistic="repeated") if row.value is None]
    assert shown
    assert all(row.printed in text for row in shown)
    assert ("* zu wenige" in text) >= bool(withheld)
    # What nobody can look for is said as well, and whom the comparison leaves out.
    assert "Kein Stimmzettel trägt eine Zeit" in text
    assert "wer etwas ausließ, wird hier nicht verglichen" in text


def test_residents_stand_apart_from_others(public: Results) -> None:
    chapter = next(s for s in council(public).sections if s.id == "gruppen-relation")
    text = " ".join(chapter.texts)
    row = public.get("topics", "top_k", "service", by="relation", domain="resident")
    assert row.printed in text


def test_population_numbers_stand_beside_the_participants_and_make_no_weights(
    public: Results,
) -> None:
    text = every_text(council(public))
    row = public.get("", "population_share", by="district", domain="porz")
    assert row.printed.replace("\u00a0", " ") in text
    assert not [row for row in public if row.statistic.endswith("_weighted")]


def test_a_share_beside_the_population_leaves_out_who_lives_elsewhere(public: Results) -> None:
    own = public.select("", "composition_known", by="district")
    beside = public.select("", "population_share", by="district")
    assert {row.domain for row in own} == {row.domain for row in beside if row.value}
    assert sum(row.value or 0.0 for row in own) == pytest.approx(1.0)
    counted = {domain.code: n for domain, n in public.release.ballots["district"]}
    base = sum(counted[row.domain] for row in own)
    assert base < sum(counted.values())
    for row in own:
        assert row.value == pytest.approx(counted[row.domain] / base)
        assert row.printed.replace("\u00a0", " ") in every_text(council(public))


INJECTED = (
    "Das Ergebnis ist repräsentativ.", "43,8 % ± 2,0 Punkte", "43,8 % +/- 2 Punkte",
    "Die Fehlertoleranz beträgt zwei Punkte.", "Der Unterschied ist signifikant.",
    "Sieger ist Entwurf A.", "Der Favorit ist Entwurf A.", "43,8 % stimmten für Entwurf A.",
    "Die Rücklaufquote war hoch.", "Das 95-%-Konfidenzintervall", "Der Unschärfebereich",
    "Die Kölner*innen wollen Entwurf A.", "Die Bürger wollen das.", "Mögliche Plätze: 1 bis 2",
    "Die Fehlerspanne ist klein.", "Gewinner: Entwurf A", "Der Stichprobenfehler",
    "Der Lieblingstext ist A.", "Das Signifi\u00adkanzniveau", "Der Umfragesieger",
    "Die\u00a0Bürger wollen das.", "Mögliche\u202fPlätze", "43,8 % stimmten\nfür A",
    "Konfi\u200bdenz", "repra\u0308sentativ", "plus/minus 2 Punkte", "Der Vertrauensbereich",
    "Das Vertrauensintervall",
    "Die Schwankungsbreite", "Das ist statistisch gesichert.", "Der p-Wert",
    "Die Beschäftigten wollen das.", "Die Mehrheit der Beschäftigten", "It is representative.",
    "A representative survey", "The difference is significant.", "The margin of error",
    "The winner is A.", "The favourite is A.", "43.8% voted for A.", "The confidence interval",
    "The sampling error", "The response rate", "The possible places",
)  # fmt: skip


@pytest.mark.parametrize("words", INJECTED)
def test_each_word_that_opt_in_studies_do_not_carry_stops_the_build(
    words: str, drafts: Dossier
) -> None:
    last = drafts.sections[-1]
    spoilt = replace(last, blocks=(*last.blocks, Paragraph(words)))
    with pytest.raises(DossierError, match="does not carry"):
        checked(replace(drafts, sections=(*drafts.sections[:-1], spoilt)))


def test_a_banned_word_in_a_chart_stops_the_build(drafts: Dossier) -> None:
    section, picture = next(
        (s, b) for s in drafts.sections for b in s.blocks if isinstance(b, Picture)
    )
    svg = picture.figure.svg.replace(b"</svg>", "<text>repräsentativ</text></svg>".encode())
    drawn = replace(picture, figure=replace(picture.figure, svg=svg))
    spoilt = replace(section, blocks=(drawn,), id="x")
    with pytest.raises(DossierError, match="does not carry"):
        checked(replace(drafts, sections=(*drafts.sections, spoilt)))


def test_every_banned_pattern_is_tried() -> None:
    plain = [even(words) for words in INJECTED]
    for pattern in BANNED[Regime.OPEN_PARTICIPATION]:
        assert any(re.search(pattern, words) for words in plain), pattern


def test_a_question_that_not_everybody_saw_says_how_many_did(public: Results) -> None:
    (concern,) = [row for row in scales.single(public) if row.question.id == "concern"]
    valid, asked = concern.base.base_n or 0, concern.asked or 0
    assert valid < asked < chapters.ballots(public)
    text = every_text(council(public)).replace("\u202f", "")
    assert f"n = {valid} gültige Antworten; gesehen haben die Frage n = {asked}" in text
    assert all(row.asked is None for row in scales.choice_rows(public))
