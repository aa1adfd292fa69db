from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from urn_example import (
    NOW,
    add,
    bundle,
    desk_with_holders,
    fill,
    open_signed,
    opened_desk,
    questionnaire,
    register_holders,
    rehearse,
    sign,
)

from survey import keys, links, studies
from survey.errors import SetupError, StudyStateError, SurveyError
from survey.home import HOST_KEY, Home
from survey.keys import Recipient
from survey.questionnaire import Bundle
from survey.states import State
from survey.studies import StudyRow
from survey.welcome import promises


def test_the_first_study_makes_the_database(home: Home) -> None:
    assert studies.list_studies(home) == ()
    study = add(home, "staff")
    assert studies.list_studies(home) == (
        StudyRow("staff", study.title, "draft", "open_participation", study.opens, study.closes),
    )


def test_a_stored_study_is_the_questionnaire_that_was_read(home: Home) -> None:
    add(home, "staff")
    stored = studies.load_study(home, "staff")
    assert stored.questionnaire == questionnaire("staff")
    assert stored.bundle == bundle()
    assert stored.instrument_hash == stored.questionnaire.instrument.hash


def test_one_questionnaire_can_serve_two_studies(home: Home) -> None:
    add(home, "staff")
    add(home, "staff-try", demo=True)
    assert [row.id for row in studies.list_studies(home)] == ["staff", "staff-try"]
    assert studies.load_study(home, "staff-try").questionnaire.study.demo


def test_an_id_is_given_once_and_fits_a_file_name(home: Home) -> None:
    add(home, "staff")
    with pytest.raises(StudyStateError, match="already"):
        add(home, "staff")
    for id in ("../staff", "Staff", "", "a" * 65, "staff\n"):
        with pytest.raises(SurveyError):
            add(home, id)


def test_a_code_study_needs_two_key_holders(home: Home, tmp_path: Path) -> None:
    add(home, "staff")
    for number in range(2):
        with pytest.raises(StudyStateError, match=f"has {number} key holders and needs 2"):
            studies.open_study(home, "staff", NOW)
        recipient = keys.create_holder_key(tmp_path / f"{number}.key", f"holder {number}")
        studies.register_recipient(home, "staff", recipient)
    with pytest.raises(StudyStateError, match="no rehearsal has passed yet"):
        studies.open_study(home, "staff", NOW)
    assert studies.load_study(home, "staff").state is State.DRAFT


def test_a_code_study_does_not_open_with_a_private_key_on_the_server(
    home: Home, tmp_path: Path
) -> None:
    add(home, "staff")
    register_holders(home, tmp_path, "staff")
    rehearse(home, tmp_path, "staff")
    for name in ("council.key", "project.rehearsal.key"):
        shutil.copy(tmp_path / name, home.dossiers / "harmless.txt")
        with pytest.raises(StudyStateError, match="private key of study staff lies on this"):
            studies.open_study(home, "staff", NOW)
        (home.dossiers / "harmless.txt").unlink()
    open_signed(home, "staff")


def test_a_study_opens_only_when_both_offices_have_signed_the_file_as_it_is(home: Home) -> None:
    add(home, "public", access="open", opening="any")
    with pytest.raises(StudyStateError, match="data protection officer and staff council: nothing"):
        studies.open_study(home, "public", NOW)
    assert not (home.secrets / "open").exists()
    sign(home, "public")
    text = bundle("open", "any")
    changed = Bundle(text.main.replace("Was zuerst?", "Was zu Beginn?"), text.files)
    assert changed.main != text.main
    studies.update_study(home, "public", changed)
    with pytest.raises(StudyStateError, match="staff council in its present version"):
        studies.open_study(home, "public", NOW)
    sign(home, "public")
    studies.open_study(home, "public", NOW)
    assert studies.load_study(home, "public").state is State.OPEN


def test_a_demo_makes_its_own_keys_and_says_that_it_is_one(home: Home) -> None:
    door = opened_desk(home, "staff")
    assert door.study.demo
    lying = sorted(path.name for path in (home.secrets / "demo" / "staff").iterdir())
    assert lying == ["holder-1.key", "holder-2.key"]
    assert len(studies.load_study(home, "staff").recipients) == 2


def test_a_study_without_codes_may_keep_its_key_on_the_server(home: Home) -> None:
    add(home, "public", access="open", opening="any")
    open_signed(home, "public")
    assert len(list((home.secrets / "open" / "public").iterdir())) == 1


def test_keys_are_fixed_once_a_study_is_open(home: Home, tmp_path: Path) -> None:
    desk_with_holders(home, tmp_path / "holders", "staff")
    recipient = keys.create_holder_key(tmp_path / "late.key", "late")
    with pytest.raises(StudyStateError, match="no more key holders"):
        studies.register_recipient(home, "staff", recipient)


def test_a_key_is_registered_once_and_is_a_public_key(home: Home, tmp_path: Path) -> None:
    add(home, "staff")
    recipient = keys.create_holder_key(tmp_path / "a.key", "a")
    studies.register_recipient(home, "staff", recipient)
    with pytest.raises(SurveyError, match="registered already"):
        studies.register_recipient(home, "staff", Recipient("b", recipient.key))
    with pytest.raises(SurveyError, match="not a public key"):
        studies.register_recipient(home, "staff", Recipient("b", "age1"))


def test_a_study_only_moves_forward(home: Home) -> None:
    opened_desk(home, "staff")
    with pytest.raises(StudyStateError, match="staff is open"):
        studies.open_study(home, "staff", NOW)
    studies.close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="staff is closed"):
        studies.open_study(home, "staff", NOW)
    add(home, "draft")
    with pytest.raises(StudyStateError, match="draft is draft"):
        studies.close_study(home, "draft", NOW)


def test_closing_again_destroys_the_key_of_the_pages_that_an_interruption_left(
    home: Home,
) -> None:
    opened_desk(home, "staff")
    studies.close_study(home, "staff", NOW)
    for _ in range(2):
        home.make_secret(studies.state_secret("staff"))
        studies.close_study(home, "staff", NOW)
        assert not (home.secrets / studies.state_secret("staff")).exists()
        assert studies.load_study(home, "staff").state is State.CLOSED


def test_after_closing_the_file_no_longer_shows_the_order_of_arrival(sqlite_home: Home) -> None:
    home = sqlite_home
    door = opened_desk(home, "staff")
    fill(door, 60)
    with links.reading(home) as link:
        query = "SELECT sealed FROM ballots ORDER BY key_digest"
        # This part of a ballot overflows to a page that is taken when the row is written.
        by_key = [sealed[1500:1540] for (sealed,) in link.all(query)]
    studies.close_study(home, "staff", NOW)
    content = home.database_file.read_bytes()
    places = [content.index(mark) for mark in by_key]
    assert places == sorted(places)
    log = home.path / "urn.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0


def test_a_study_does_not_open_on_a_server_with_another_signing_key_or_open_files(
    sqlite_home: Home,
) -> None:
    home = sqlite_home
    add(home, "public", access="open", opening="any")
    home.database_file.chmod(0o644)
    with pytest.raises(SetupError, match="open to other users"):
        studies.open_study(home, "public", NOW)
    home.database_file.chmod(0o600)
    home.destroy_secret(HOST_KEY)
    home.make_secret(HOST_KEY)
    with pytest.raises(SetupError, match="signing key"):
        studies.open_study(home, "public", NOW)
    assert not (home.secrets / "open").exists()


def test_the_server_starts_only_with_the_secrets_of_its_open_studies(home: Home) -> None:
    studies.check_installation(home)
    add(home, "public", access="open", opening="any")
    open_signed(home, "public")
    studies.check_installation(home)
    home.destroy_secret(studies.state_secret("public"))
    with pytest.raises(SetupError, match="state/public is missing"):
        studies.check_installation(home)


def test_a_study_knows_whether_its_keys_lie_on_the_server(home: Home, tmp_path: Path) -> None:
    add(home, "public", access="open", opening="any")
    open_signed(home, "public")
    assert studies.load_study(home, "public").study.server_keys
    [_, _, (_, sentences), *_] = promises(studies.load_study(home, "public").study)
    assert "auf dem Server" in sentences[0]
    add(home, "square", access="open", opening="any")
    recipient = keys.create_holder_key(tmp_path / "a.key", "a")
    studies.register_recipient(home, "square", recipient)
    open_signed(home, "square")
    assert not studies.load_study(home, "square").study.server_keys
    [_, _, (_, sentences), *_] = promises(studies.load_study(home, "square").study)
    assert "auch der Server" in sentences[0]


def test_listing_the_studies_of_a_home_that_is_not_there_makes_nothing(sqlite_home: Home) -> None:
    home = sqlite_home
    assert studies.list_studies(home) == ()
    assert not home.path.exists()


def test_a_study_whose_end_has_passed_does_not_open(home: Home) -> None:
    add(home, "public", access="open")
    with pytest.raises(StudyStateError, match="change its dates"):
        studies.open_study(home, "public", NOW + timedelta(days=30_000))


def test_an_unknown_study_is_told_plainly(home: Home) -> None:
    add(home, "staff")
    for act in (studies.open_study, studies.close_study):
        with pytest.raises(SurveyError, match="there is no study nobody"):
            act(home, "nobody", NOW)
