from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from urn_example import NOW, add, bundle, desk_with_holders, opened_desk, questionnaire

from survey import keys, studies
from survey.errors import StudyStateError, SurveyError
from survey.home import Home
from survey.keys import Recipient
from survey.schema import State
from survey.studies import StudyRow


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


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
    studies.open_study(home, "staff", NOW)
    assert studies.load_study(home, "staff").state is State.OPEN


def test_a_code_study_does_not_open_with_a_private_key_on_the_server(
    home: Home, tmp_path: Path
) -> None:
    add(home, "staff")
    for number in range(2):
        recipient = keys.create_holder_key(tmp_path / f"{number}.key", f"holder {number}")
        studies.register_recipient(home, "staff", recipient)
    shutil.copy(tmp_path / "0.key", home.dossiers / "harmless.txt")
    with pytest.raises(StudyStateError, match="private key of study staff lies on this server"):
        studies.open_study(home, "staff", NOW)
    (home.dossiers / "harmless.txt").unlink()
    studies.open_study(home, "staff", NOW)


def test_a_demo_makes_its_own_keys_and_says_that_it_is_one(home: Home) -> None:
    door = opened_desk(home, "staff")
    assert door.study.demo
    lying = sorted(path.name for path in (home.secrets / "demo" / "staff").iterdir())
    assert lying == ["holder-1.key", "holder-2.key"]
    assert len(studies.load_study(home, "staff").recipients) == 2


def test_a_study_without_codes_may_keep_its_key_on_the_server(home: Home) -> None:
    add(home, "public", access="open", opening="any")
    studies.open_study(home, "public", NOW)
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
    for act in (studies.open_study, studies.close_study):
        with pytest.raises(StudyStateError, match="staff is closed"):
            act(home, "staff", NOW)


def test_a_study_whose_end_has_passed_does_not_open(home: Home) -> None:
    add(home, "public", access="open")
    with pytest.raises(StudyStateError, match="change its dates"):
        studies.open_study(home, "public", NOW + timedelta(days=30_000))


def test_an_unknown_study_is_told_plainly(home: Home) -> None:
    add(home, "staff")
    for act in (studies.open_study, studies.close_study):
        with pytest.raises(SurveyError, match="there is no study nobody"):
            act(home, "nobody", NOW)
