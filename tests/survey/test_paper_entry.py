"""Sheets of paper, typed by two people from one stack."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from urn_example import NOW, add, answers, bundle, desk_with_holders, fill, open_signed, opened_desk

from survey import codes, keys, links, opening, studies, urn
from survey.cli import run, survey
from survey.codebook import Missing
from survey.desk import Desk, Receipt, Submission
from survey.errors import AnswerError, DataError, StudyStateError, SurveyError
from survey.home import Home
from survey.instrument import Instrument
from survey.paper_columns import header
from survey.paper_entry import compare, enter, left_out, read_sheets
from survey.questionnaire import Bundle, read_bundle, read_questionnaire
from survey.rows import read_columns
from survey.studies import close_study, load_study

FOLDER = Path(__file__).parent.parent / "questionnaires"


def write(
    path: Path, instrument: Instrument, *sheets: dict[str, str], separator: str = ","
) -> Path:
    """A typed table; cells that a sheet does not name stay empty."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header(instrument), delimiter=separator, restval="")
        writer.writeheader()
        writer.writerows(sheets)
    return path


ONE = {"_sheet": "1", "topics_wege": "1", "topics_raum": "2", "mood": "good", "wish": "Mehr Grün"}
TWO = {"_sheet": "2", "mood": "dk", "worry": "Lärm; Staub"}


def closed_desk(home: Home, paper: int, study_id: str = "staff") -> Desk:
    opened_desk(home, study_id)
    if paper:
        codes.issue_paper(home, study_id, paper)
    close_study(home, study_id, NOW)
    return Desk.open(home, study_id)


# -- paper codes ---------------------------------------------------------------------------


def test_paper_goes_into_the_urn_after_closing_and_before_the_opening_only(home: Home) -> None:
    door = opened_desk(home, "staff")
    codes.issue_paper(home, "staff", 2)
    sheet = Submission(answers(0))
    with pytest.raises(StudyStateError, match="staff is open: paper is entered after closing"):
        door.cast_paper([sheet])
    close_study(home, "staff", NOW)
    assert door.cast_paper([sheet]) == 1
    opening.open_on_server(home, "staff")
    with pytest.raises(StudyStateError, match="staff is opened"):
        door.cast_paper([sheet])


def test_no_more_sheets_than_were_counted_and_all_of_them_or_none(home: Home) -> None:
    door = closed_desk(home, 2)
    with pytest.raises(StudyStateError, match="3 sheets were entered, but only 2 paper codes"):
        door.cast_paper(Submission(answers(n)) for n in range(3))
    assert urn.count(home, "staff", NOW) == 0
    assert codes.paper_left(home, "staff") == 2
    assert door.cast_paper(Submission(answers(n)) for n in range(2)) == 2
    assert (urn.count(home, "staff", NOW), codes.paper_left(home, "staff")) == (2, 0)


def test_a_wrong_sheet_keeps_the_whole_stack_out(home: Home) -> None:
    door = closed_desk(home, 2)
    with pytest.raises(AnswerError):
        door.cast_paper([Submission(answers(0)), Submission({"mood": "nonsense"})])
    assert (urn.count(home, "staff", NOW), codes.paper_left(home, "staff")) == (0, 2)


def test_paper_codes_are_no_web_codes_and_web_codes_are_no_paper_codes(home: Home) -> None:
    door = opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 3)
    assert codes.issue_paper(home, "staff", 5) == 5
    assert codes.issue_paper(home, "staff", 2) == 7
    assert dict(codes.counts(home, "staff")) == {"": 3, "paper": 7}
    assert door.cast(Submission(answers(0), code=drawn[0]), NOW) is Receipt.STORED
    close_study(home, "staff", NOW)
    door.cast_paper(Submission(answers(n)) for n in range(7))
    with pytest.raises(StudyStateError, match="only 0 paper codes"):
        door.cast_paper([Submission(answers(8))])
    with pytest.raises(StudyStateError, match="takes no more codes"):
        codes.issue_paper(home, "staff", 1)
    with pytest.raises(SurveyError, match="no reporting group"):
        codes.issue(home, "staff", 60, "paper")


def test_codes_and_ballots_together_stay_the_same_from_issue_to_opening(home: Home) -> None:
    def sums() -> tuple[int, int]:
        with links.reading(home) as link:
            live = link.number("SELECT count(*) FROM codes")
            return live, urn.exact_count(link, "staff")

    door = opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 10)
    codes.issue_paper(home, "staff", 6)
    seen = [sums()]
    for number, code in enumerate(drawn[:4]):
        door.cast(Submission(answers(number), code=code), NOW)
        door.cast(Submission(answers(number), code=code), NOW)
        seen.append(sums())
    with pytest.raises(StudyStateError):
        door.cast_paper([Submission(answers(0))])
    close_study(home, "staff", NOW)
    seen.append(sums())
    door.cast_paper(Submission(answers(n)) for n in range(5))
    with pytest.raises(StudyStateError, match="only 1 paper codes"):
        door.cast_paper(Submission(answers(n)) for n in range(2))
    seen.append(sums())
    assert {live + cast for live, cast in seen} == {16}
    assert seen[-1] == (7, 9)
    made = opening.open_on_server(home, "staff")
    assert made.protocol["modes"] == {"paper": 5, "web": 4}


def test_a_study_without_codes_takes_counted_paper_too(home: Home) -> None:
    opened_desk(home, "public", access="open")
    codes.issue_paper(home, "public", 1)
    close_study(home, "public", NOW)
    assert Desk.open(home, "public").cast_paper([Submission(answers(0))]) == 1


def test_holders_find_paper_beside_the_web_and_counted_by_mode(home: Home, tmp_path: Path) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    fill(door, 3)
    codes.issue_paper(home, "staff", 2)
    close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "early")
    door.cast_paper(Submission(answers(n)) for n in range(2))
    opening.export_urn(home, "staff", tmp_path / "u0")

    def opened_from(first: str, out: str) -> Path:
        for name, source, made in (("council", first, out + "1"), ("project", out + "1", out)):
            identities = keys.read_identities(tmp_path / "holders" / f"{name}.key")
            opening.open_layer(tmp_path / source, identities, tmp_path / made)
        return tmp_path / out

    with pytest.raises(SurveyError, match="the content of the urn"):
        opening.import_data_set(home, "staff", opened_from("early", "too_early"))
    data_set = opening.import_data_set(home, "staff", opened_from("u0", "right"))
    assert data_set.protocol["modes"] == {"paper": 2, "web": 3}


# -- two typed tables ----------------------------------------------------------------------


def test_two_people_who_agree_fill_the_urn(home: Home, tmp_path: Path) -> None:
    door = closed_desk(home, 3)
    first = write(tmp_path / "a.csv", door.instrument, ONE, TWO)
    # Excel writes semicolons and a mark at the start; the order of the sheets does not matter.
    second = write(tmp_path / "b.csv", door.instrument, TWO, ONE, separator=";")
    second.write_bytes(b"\xef\xbb\xbf" + second.read_bytes())
    one, other = (read_sheets(path, door.instrument) for path in (first, second))
    assert compare(one, other, door.instrument) == ()
    assert enter(door, one, other) == 2
    data_set = opening.open_on_server(home, "staff")
    columns = {name: column.tolist() for name, column in read_columns(data_set).items()}
    rows = set(zip(columns["topics_wege"], columns["topics_raum"], columns["mood"], strict=True))
    assert rows == {(1, 2, 1), (-1, -1, int(Missing.DONT_KNOW))}
    assert data_set.protocol["modes"] == {"paper": 2}


def test_differences_are_told_by_sheet_and_item_and_nothing_is_stored(
    home: Home, tmp_path: Path
) -> None:
    door = closed_desk(home, 5)
    other = {**ONE, "topics_raum": "", "topics_team": "2", "wish": "Mehr  Grün"}
    third = {"_sheet": "3", "mood": "fair"}
    first = read_sheets(write(tmp_path / "a.csv", door.instrument, ONE, TWO), door.instrument)
    second = read_sheets(write(tmp_path / "b.csv", door.instrument, other, third), door.instrument)
    assert [str(one) for one in compare(first, second, door.instrument)] == [
        "Blatt 1, topics (topics_raum): „2“ / „“",
        "Blatt 1, topics (topics_team): „“ / „2“",
        "Blatt 1, wish: „Mehr Grün“ / „Mehr  Grün“",
        "Blatt 2: getippt / fehlt",
        "Blatt 3: fehlt / getippt",
    ]
    with pytest.raises(SurveyError, match="differ: nothing was stored"):
        enter(door, first, second)
    assert urn.count(home, "staff", NOW) == 0


def test_what_no_page_would_take_is_told_with_file_row_and_sheet(tmp_path: Path) -> None:
    instrument = read_bundle(bundle()).instrument
    wrong = {
        "_sheet": "7",
        "topics_wege": "1",
        "topics_raum": "1",
        "mood": "sunny",
        "wish": "x" * 201,
    }
    path = write(tmp_path / "a.csv", instrument, ONE, wrong, {"mood": "good"})
    with pytest.raises(DataError) as refused:
        read_sheets(path, instrument)
    told = [str(problem) for problem in refused.value.problems]
    assert any(":3: Blatt 7, topics: „Kürzere Wege“ und „Bessere Räume“" in line for line in told)
    assert any("„sunny“ gibt es bei „mood“ nicht; möglich sind good, fair" in line for line in told)
    assert any("Ihr Text hat 201 Zeichen" in line for line in told)
    assert any(":4: Zeile ohne Nummer" in line for line in told)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"_sheet,mood\n1,good\n", "die Spalte „wish“ fehlt"),
        (b"_sheet,nobody\n1,good\n", "die Spalte „nobody“ gibt es nicht"),
        (b"_sheet;m\xf6glich\n", "nicht als UTF-8"),
        (b"", "die Spalte „_sheet“ fehlt"),
    ],
)
def test_a_table_with_other_columns_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as refused:
        read_sheets(path, read_bundle(bundle()).instrument)
    assert told in str(refused.value)


def test_one_mark_stands_for_one_sheet(tmp_path: Path) -> None:
    instrument = read_bundle(bundle()).instrument
    with pytest.raises(DataError, match="Blatt 1 steht mehrmals"):
        read_sheets(write(tmp_path / "a.csv", instrument, ONE, ONE), instrument)


def test_every_item_type_can_be_typed(tmp_path: Path) -> None:
    instrument = read_questionnaire(FOLDER / "journey.yaml").instrument
    typed = {
        "_sheet": "1", "means": "other", "means_other": "Kutsche", "reasons_quick": "x",
        "reasons_cheap": "1", "count": "0", "last_day": "3", "last_month": "2",
        "last_year": "2027", "safety": "2", "draft": "change", "draft_comment": "Mehr Bäume",
        "wish": "Ruhe",
    }  # fmt: skip
    (sheet,) = read_sheets(write(tmp_path / "a.csv", instrument, typed), instrument)
    assert sheet.answers == {
        "means": {"other": "Kutsche"},
        "reasons": ["quick", "cheap"],
        "count": "0",
        "last": "2027-02-03",
        "safety": "2",
        "draft": {"stance": "change", "comment": "Mehr Bäume"},
        "wish": "Ruhe",
    }
    # Who does not ride a bicycle was not asked how safe it is, whatever the pen did.
    assert left_out([sheet], instrument) == 1


def test_columns_of_codes_are_named_like_the_variables() -> None:
    for name in ("every_type", "journey", "bfi"):
        questionnaire = read_questionnaire(FOLDER / f"{name}.yaml")
        named = set(header(questionnaire.instrument))
        missing = {v.name for v in questionnaire.codebook.variables} - named
        assert missing <= {"last"}, "a date is typed in three columns"
        assert len(named) == len(header(questionnaire.instrument))


def test_a_sheet_of_a_reading_study_says_which_text_it_is_about(tmp_path: Path) -> None:
    instrument = read_questionnaire(FOLDER / "texts.yaml").instrument
    first, second = instrument.texts[:2]
    mine = next(i for p in instrument.pages if p.text == first.id for i in p.items if i.asks)
    code = next(o.code for o in mine.options)  # type: ignore[attr-defined]
    good = {"_sheet": "1", "_text": first.id, mine.id: code}
    (sheet,) = read_sheets(write(tmp_path / "a.csv", instrument, good), instrument)
    assert sheet.text == first.id
    for text, told in (("", "fehlt der Text"), (second.id, "gehört nicht zum Text")):
        path = write(tmp_path / "b.csv", instrument, {**good, "_text": text})
        with pytest.raises(DataError, match=told):
            read_sheets(path, instrument)


def test_the_commands_lead_from_counted_sheets_to_ballots(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "home")
    add(home, "staff", demo=True)

    def said(line: str) -> tuple[int, str]:
        status = run(survey, ["--home", "home", *line.split()], "survey")
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    assert said("codes create staff -n 4 --paper")[0] == 0
    assert said("codes create staff -n 4 --paper --group yard")[0] == 2
    assert said("codes create staff -n 4")[0] == 2
    open_signed(home, "staff")
    close_study(home, "staff", NOW)
    assert said("paper-entry staff --columns empty.csv")[0] == 0
    instrument = load_study(home, "staff").questionnaire.instrument
    assert Path("empty.csv").read_text("utf-8").strip() == ",".join(header(instrument))
    write(Path("a.csv"), instrument, ONE, TWO)
    write(Path("b.csv"), instrument, ONE, {**TWO, "mood": "poor"})
    assert said("paper-entry staff a.csv a.csv")[0] == 2
    status, text = said("paper-entry staff a.csv b.csv")
    assert status == 1
    assert "Blatt 2, mood: „dk“ / „poor“" in text
    assert "nichts wurde gespeichert" in text
    assert said("urn count staff") == (0, "0\n")
    write(Path("b.csv"), instrument, TWO, ONE)
    status, text = said("paper-entry staff a.csv b.csv")
    assert status == 0
    assert "2 sheets are in the urn, 2 paper codes left" in text
    assert said("urn count staff") == (0, "2\n")


def test_paper_of_a_study_that_was_changed_belongs_to_its_newest_version(home: Home) -> None:
    opened_desk(home, "staff")
    codes.issue_paper(home, "staff", 1)
    text = bundle().main.replace("Was zuerst?", "Was kommt zuerst?")
    studies.update_study(home, "staff", Bundle(text), reason="Wortlaut")
    close_study(home, "staff", NOW)
    assert Desk.open(home, "staff").cast_paper([Submission(answers(0))]) == 1
    assert opening.open_on_server(home, "staff").protocol["accepted"] == 1
