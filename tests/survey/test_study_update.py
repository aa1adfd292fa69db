"""A questionnaire that is changed while its study is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from respondent import City, heading, make_city, open_bundle, state_of
from urn_example import NOW, add, answers, bundle, desk_with_holders, opened_desk

from survey import codes, database, keys, links, opening, pages, studies
from survey.cli import run, survey
from survey.codebook import Missing
from survey.dataset import DataSet
from survey.desk import Desk, Submission
from survey.errors import StudyStateError, SurveyError
from survey.home import Home
from survey.questionnaire import Bundle
from survey.rows import read_columns
from survey.studies import close_study, load_study, update_study
from survey.versions import Kind

WISH = "      - {id: wish, type: text, text: Was wünschen Sie sich?, max_length: 200}\n"
TRUST = """\
      - id: trust
        type: single
        text: Wie groß ist Ihr Vertrauen?
        options:
          - {code: big, label: groß}
          - {code: small, label: klein}
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def edited(old: str, new: str, access: str = "codes") -> Bundle:
    text = bundle(access).main
    assert text.count(old) == 1
    return Bundle(text.replace(old, new))


def reworded(access: str = "codes") -> Bundle:
    return edited("Wie ist die Stimmung?", "Wie ist die Stimmung heute?", access)


def added(access: str = "codes") -> Bundle:
    return edited(WISH, TRUST + WISH, access)


def opened(home: Home, study_id: str) -> DataSet:
    close_study(home, study_id, NOW)
    return opening.open_on_server(home, study_id)


def test_a_draft_takes_every_change_and_keeps_no_history(home: Home) -> None:
    add(home, "staff")
    difference = update_study(home, "staff", edited("depth: 2", "depth: 1"))
    assert difference.kind is Kind.BREAKING
    stored = load_study(home, "staff")
    assert (stored.version, stored.earlier) == (1, ())
    assert stored.questionnaire.instrument.item("topics").depth == 1  # type: ignore[attr-defined]


def test_an_open_study_takes_wording_with_a_reason_that_is_kept(home: Home) -> None:
    opened_desk(home, "staff")
    before = load_study(home, "staff")
    with pytest.raises(StudyStateError, match="needs a reason"):
        update_study(home, "staff", reworded())
    update_study(home, "staff", reworded(), reason=" Tippfehler ")
    after = load_study(home, "staff")
    assert after.version == 2
    assert after.study.demo
    assert [(v.number, v.reason) for v in after.earlier] == [(1, "Tippfehler")]
    assert after.earlier[0].bundle == before.bundle
    assert after.instrument_hash != before.instrument_hash
    assert after.padded_size == before.padded_size


def test_a_breaking_change_to_an_open_study_is_refused_with_every_reason(home: Home) -> None:
    opened_desk(home, "staff")
    before = load_study(home, "staff")
    broken = Bundle(bundle().main.replace("depth: 2", "depth: 1").replace("code: fair", "code: so"))
    with pytest.raises(StudyStateError) as refused:
        update_study(home, "staff", broken, reason="besser so")
    assert "staff is open and stays as it is" in str(refused.value)
    assert "Bruch: topics: „depth“ war „2“ und ist jetzt „1“." in str(refused.value)
    assert "Bruch: mood: Die Antwort oder Zeile „fair“ ist weggefallen." in str(refused.value)
    assert load_study(home, "staff") == before


def test_longer_ballots_would_tell_early_from_late_respondents(home: Home) -> None:
    opened_desk(home, "staff")
    longer = edited(WISH, WISH + WISH.replace("wish", "more").replace("200", "4000"))
    with pytest.raises(StudyStateError, match="an ihrer Größe zu unterscheiden"):
        update_study(home, "staff", longer, reason="mehr Platz")


def test_an_update_that_changes_nothing_is_no_version(home: Home) -> None:
    opened_desk(home, "staff")
    assert update_study(home, "staff", bundle()).changes == ()
    assert load_study(home, "staff").version == 1


def test_a_closed_study_is_not_changed(home: Home) -> None:
    opened_desk(home, "staff")
    close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="staff is closed"):
        update_study(home, "staff", reworded(), reason="zu spät")
    with pytest.raises(SurveyError, match="no study nobody"):
        update_study(home, "nobody", reworded())


def test_the_opening_accepts_ballots_of_every_version_of_the_study(home: Home) -> None:
    first = opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 6)
    first.cast(Submission(answers(0), {"topics": 1}, code=drawn[0]), NOW)
    update_study(home, "staff", reworded(), reason="Wort")
    second = Desk.open(home, "staff")
    second.cast(Submission(answers(1), {"topics": 1}, code=drawn[1]), NOW)
    update_study(home, "staff", Bundle(reworded().main.replace(WISH, TRUST + WISH)), reason="Neu")
    third = Desk.open(home, "staff")
    third.cast(Submission({**answers(2), "trust": "big"}, {"topics": 2}, code=drawn[2]), NOW)
    third.cast(Submission(answers(3), code=drawn[3]), NOW)
    for number, desk in enumerate(third.of_earlier_versions(), start=4):
        desk.cast(Submission(answers(number), code=drawn[number]), NOW)
    data_set = opened(home, "staff")
    assert data_set.protocol["accepted"] == 6
    assert data_set.protocol["rejected"] == {}
    assert [v["replaced"] for v in data_set.protocol["versions"]] == ["Wort", "Neu"]
    columns = read_columns(data_set)
    assert sorted(columns["trust"].tolist()) == [int(Missing.NOT_SHOWN)] * 4 + [
        int(Missing.SKIPPED),
        1,
    ]
    assert sorted(columns["mood"].tolist()) == [1, 1, 2, 2, 3, 3]
    assert data_set.codebook.instrument == load_study(home, "staff").instrument_hash
    assert data_set.orders["topics"]["shown"][1] == 2


def test_a_ballot_of_a_version_that_was_never_asked_is_rejected(home: Home) -> None:
    door = opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 2)
    door.cast(Submission(answers(0), code=drawn[0]), NOW)
    add(home, "other")
    update_study(home, "other", reworded())
    foreign = load_study(home, "other").questionnaire
    smuggled = Desk(
        home,
        type(foreign)(door.study, foreign.instrument),
        door.seal,
        door.signing_key,
        door.code_key,
    )
    smuggled.cast(Submission(answers(1), code=drawn[1]), NOW)
    data_set = opened(home, "staff")
    assert data_set.protocol["accepted"] == 1
    assert data_set.protocol["rejected"] == {"instrument": 1}


def test_holders_open_an_exported_urn_with_two_versions(home: Home, tmp_path: Path) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    drawn = codes.issue(home, "staff", 2)
    door.cast(Submission(answers(0), code=drawn[0]), NOW)
    update_study(home, "staff", added(), reason="Frage ergänzt")
    Desk.open(home, "staff").cast(Submission({"trust": "small"}, code=drawn[1]), NOW)
    close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "u0")
    for name, source, out in (("council", "u0", "u1"), ("project", "u1", "u2")):
        identities = keys.read_identities(tmp_path / "holders" / f"{name}.key")
        opening.open_layer(tmp_path / source, identities, tmp_path / out)
    data_set = opening.import_data_set(home, "staff", tmp_path / "u2")
    assert data_set.protocol["accepted"] == 2
    assert sorted(read_columns(data_set)["trust"].tolist()) == [int(Missing.NOT_SHOWN), 2]


# -- pages that were opened before ---------------------------------------------------------


@pytest.fixture
def square(tmp_path: Path) -> City:
    return make_city(tmp_path / "home", open_bundle(), demo=False)


def changed_square(old: str, new: str) -> Bundle:
    whole = open_bundle()
    assert old in whole.main
    return Bundle(whole.main.replace(old, new, 1), whole.files)


def test_a_page_from_before_the_update_can_still_be_sent(
    square: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    old_page = square.begin()
    assert heading(old_page) == "Themenfelder"
    update_study(
        square.home,
        square.study_id,
        changed_square("title: Themenfelder", "title: Felder"),
        reason="Wortlaut",
    )
    new_page = square.begin()
    assert heading(new_page) == "Felder"
    assert heading(square.turn(old_page, {}, "back")) == "Themenfelder"
    monkeypatch.setattr(pages, "_now", lambda: datetime.now(UTC) + timedelta(minutes=1))
    for page in (old_page, new_page):
        while heading(page) != "Prüfen und absenden":
            page = square.turn(page, {"fields.b": "1"} if "fields.b" in page.text else {})
        assert "Vielen Dank" in heading(square.turn(page, {}, "submit"))
    assert square.count() == 2
    data_set = opened(square.home, square.study_id)
    assert (data_set.protocol["accepted"], data_set.protocol["rejected"]) == (2, {})


def test_a_server_that_runs_shows_the_new_end_at_once(square: City) -> None:
    assert "2099" in square.client.get(square.address).text
    update_study(
        square.home, square.study_id, changed_square("2099-05-21", "2099-06-30"), reason="länger"
    )
    assert "30. Juni 2099" in square.client.get(square.address).text


def test_a_state_that_no_version_has_sealed_is_still_refused(square: City) -> None:
    page = square.begin()
    update_study(
        square.home, square.study_id, changed_square("title: Themenfelder", "title: F"), reason="W"
    )
    forged = state_of(page)[:-8] + "AAAAAAA="
    assert square.send({"go": "next", "state": forged}).status_code == 400


# -- command and schema --------------------------------------------------------------------


def test_the_command_updates_tells_and_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path / "home")
    opened_desk(home, "staff")
    Path("new.yaml").write_text(reworded().main, "utf-8")
    Path("bad.yaml").write_text(edited("depth: 2", "depth: 1").main, "utf-8")

    def said(*arguments: str) -> tuple[int, str]:
        status = run(survey, ["--home", "home", "study", *arguments], "survey")
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    assert said("update", "staff", "new.yaml")[0] == 1
    status, text = said("update", "staff", "new.yaml", "--reason", "Tippfehler")
    assert status == 0
    assert text.startswith("Wortlaut: mood: „text“ lautete")
    status, text = said("update", "staff", "bad.yaml", "--reason", "x", "--lang", "en")
    assert status == 1
    assert "breaking: topics: “depth” was “2” and is now “1”." in text
    assert "version 1 replaced: Tippfehler" in said("status", "staff")[1]


def test_a_home_from_before_versions_is_brought_up_by_migration(home: Home) -> None:
    from alembic import command
    from alembic.config import Config

    from survey import migrations

    add(home, "staff")
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with database.writing(home) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
    assert "versions" not in _tables(home)
    with pytest.raises(SurveyError, match="run `survey migrate`"):
        links.check(home)
    migrations.upgrade(home)
    assert studies.load_study(home, "staff").version == 1


def _tables(home: Home) -> set[str]:
    with links.reading(home) as link:
        return set(link.driver.tables(link))
