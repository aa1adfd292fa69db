"""The file with decisions and answers: what it says, and how its mistakes are named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from reports.beside import Beside, hints, unanswered
from reports.disclosure import release
from reports.dossiers.process import closed_loop, where_it_stands
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid
from reports.proceeding import check_answers, read_proceeding
from reports.readings import disputed
from reports.readings import texts as reading_texts
from reports.results import results_of
from reports.tables import _SEAL, Theme, Themes
from survey.codebook import Scale
from survey.demo import SHIPPED
from survey.questionnaire import read_questionnaire
from survey.simulate import simulate_data_set

MISTAKEN = """\
schema: 2
study: vision-reading
decidedbefore: []
decided_before:
  - date: 11.12.2025
    text: Beschluss
answers:
  - to: t1_1
    said: Wer vertritt?
    decision: take
    reason: Es gibt ein Team.
    office: Bürgerdienste
  - to: t1_1
    said: Noch einmal
    decision: taken
    reason: Ja
  - said: ohne Ziel
    decision: not_taken
    reason: Nein
"""


@pytest.fixture(scope="module")
def reading(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    questionnaire = read_questionnaire(root / "questionnaires" / "vision" / "reading.yaml")
    path = tmp_path_factory.mktemp("reading") / "reading.zip"
    return results_of(release(simulate_data_set(questionnaire, 700, 11, path)))


@pytest.mark.parametrize("name", ["staff", "public", "reading"])
def test_the_shipped_examples_have_no_mistake(name: str) -> None:
    found = read_proceeding(SHIPPED / f"{name}.proceeding.yaml")
    assert found.study == f"vision-{name}"
    check_answers(found, read_questionnaire(SHIPPED / f"{name}.yaml").codebook)
    assert found.decided_before
    assert found.answers


def test_every_mistake_is_named_with_line_and_column_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.proceeding.yaml"
    path.write_text(MISTAKEN, encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        read_proceeding(path)
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == [
        "1", "3", "5", "10", "13", "13", "17",
    ]  # fmt: skip
    text = str(caught.value)
    assert "meinten Sie „decided_before“?" in text
    assert "meinten Sie „taken“?" in text
    assert "schon in Zeile 8 beantwortet" in text
    assert "office fehlt" in text
    assert "to fehlt" in text


def test_a_file_that_is_no_yaml_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.proceeding.yaml"
    path.write_text("schema: 1\nstudy: 'open\n", encoding="utf-8")
    with pytest.raises(DossierError, match=r"x\.proceeding\.yaml:\d+:\d+: "):
        read_proceeding(path)


def test_the_ten_most_disputed_passages_and_themes_wait_for_an_answer(reading: Results) -> None:
    themes = tuple(Theme(f"t{i}", f"Thema {i}", 40 - i) for i in range(12))
    question = reading.release.codebook.question("t1_missing")
    texts = Themes(question, 300, 0, 0, 300, themes, 0, None, 0, None, (), seal=_SEAL)
    told = replace(reading.release, texts={question.id: texts}, seal=_SEAL)
    found = hints(replace(reading, release=told))
    passages = [p for text in reading_texts(reading) for p in text.passages]
    rejected = {p.question.id for p in passages if p.is_rejected}
    waiting = {hint.to for hint in found if "." not in hint.to}
    assert rejected - {p.question.id for p in disputed(reading_texts(reading))}
    assert rejected <= waiting
    assert len(waiting - rejected) <= 10
    assert [h.to for h in found if "." in h.to] == [f"t1_missing.t{i}" for i in range(10)]


def test_all_but_the_first_stance_and_the_lower_half_of_a_scale_want_a_passage_otherwise(
    reading: Results,
) -> None:
    passages = [p for text in reading_texts(reading) for p in text.passages if p.has_shares]
    apart = 0
    for passage in passages:
        assert passage.distribution is not None
        low, middle, high = (share.value or 0.0 for _, share in passage.distribution.steps)
        assert passage.is_rejected is (middle + high > 0.5)
        scaled = replace(passage, question=replace(passage.question, scale=Scale.ORDINAL))
        assert scaled.is_rejected is (low > 0.5)
        apart += (middle + high > 0.5) is not (high > 0.5)
    assert apart


def test_a_missing_answer_is_a_warning_and_stands_in_the_dossier(reading: Results) -> None:
    proceeding = read_proceeding(SHIPPED / "reading.proceeding.yaml")
    assert unanswered(reading, Beside(proceeding=proceeding)) == ()
    first = hints(reading)[0]
    kept = tuple(answer for answer in proceeding.answers if answer.to != first.to)
    beside = Beside(proceeding=replace(proceeding, answers=kept))
    assert [hint.to for hint in unanswered(reading, beside)] == [first.to]
    (chapter,) = closed_loop(reading, beside)
    assert f"Eine Antwort steht noch aus zu: „{first.name}“" in " ".join(chapter.texts)


UNASKED = """\
schema: 1
study: vision-staff
answers:
  - {to: own_words.equipment, said: Geräte fehlen., decision: not_taken, reason: Nein}
  - {to: words, said: Wege sind lang., decision: not_taken, reason: Nein}
  - {to: words.ways, said: Wege sind lang., decision: not_taken, reason: Nein}
"""


def test_an_answer_to_what_nobody_asked_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "staff.proceeding.yaml"
    path.write_text(UNASKED, encoding="utf-8")
    codebook = read_questionnaire(SHIPPED / "staff.yaml").codebook
    with pytest.raises(DossierError) as caught:
        check_answers(read_proceeding(path), codebook)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{path}:4:10: to: „own_words“ ist keine Frage nach Freitext")
    assert first.endswith("erlaubt: words")
    assert second.startswith(f"{path}:5:10: to: „words“ ist kein Abschnitt eines Textes")


def test_every_answer_names_its_passage_also_beyond_the_ten(reading: Results) -> None:
    proceeding = read_proceeding(SHIPPED / "reading.proceeding.yaml")
    (chapter,) = closed_loop(reading, Beside(proceeding=proceeding))
    (table,) = (block for block in chapter.blocks if isinstance(block, Grid))
    named = {name for row in table.rows for name in re.findall(r"Abschnitt \d\.\d", row[0])}
    assert len(named) == len(proceeding.answers) > len(hints(reading))
    assert all(row[0].startswith("Abschnitt ") for row in table.rows)


def test_the_same_answer_to_passages_of_one_text_is_one_row(reading: Results) -> None:
    proceeding = read_proceeding(SHIPPED / "reading.proceeding.yaml")
    first, *rest = proceeding.answers
    apart = replace(proceeding, answers=(replace(first, reason="Anders."), *rest))
    for known, head in ((proceeding, "Abschnitt 1.1, Abschnitt 1.2 und"), (apart, "Abschnitt 1.1")):
        (chapter,) = closed_loop(reading, Beside(proceeding=known))
        (table,) = (block for block in chapter.blocks if isinstance(block, Grid))
        part = " (Ein Anliegen, eine Ansprechperson): Wer ist"
        end = " Abschnitt 1.3" if known is proceeding else ""
        assert table.rows[0][0].startswith(f"{head}{end}{part}")


def test_where_it_stands_names_phases_decisions_and_the_council_paper(reading: Results) -> None:
    proceeding = read_proceeding(SHIPPED / "reading.proceeding.yaml")
    (chapter,) = where_it_stands(reading, Beside(proceeding=proceeding))
    text = " ".join(chapter.texts)
    assert "Vorlage 1043/2027" in text
    assert "11. Dezember 2025: Der Rat beauftragt die Verwaltung" in text
    assert "7. Juni 2027" in text
    assert "Jetzt zu entscheiden" in text
