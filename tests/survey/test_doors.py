from __future__ import annotations

from pathlib import Path

import pytest
from urn_example import NOW, add, answers

from survey import links, studies, urn
from survey.desk import Desk, Receipt, Submission
from survey.doors import Door, Doors
from survey.errors import StudyStateError, SurveyError
from survey.home import Home
from survey.theme import load_theme


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


class _OpenedMeanwhile(Doors):
    """Doors whose study opens just after its row has been read."""

    def _prepare(self, study_id: str) -> Door:
        door = super()._prepare(study_id)
        if door.desk.was_draft:
            studies.open_study(door.desk.home, study_id, NOW)
        return door


def test_a_study_that_opens_while_its_door_is_prepared_seals_every_ballot(home: Home) -> None:
    add(home, "public", access="open", opening="any", demo=True)
    doors = _OpenedMeanwhile(home, load_theme())
    door = doors.find("public")
    assert door.desk.seal.recipients
    assert door.desk.cast(Submission(answers(1)), NOW) is Receipt.STORED
    with links.reading(home) as link:
        [stored] = urn.shuffled(link, "public")
    assert b"Wunsch" not in stored
    assert doors.find("public") is door


def test_a_desk_that_was_read_before_the_opening_takes_no_answers(home: Home) -> None:
    add(home, "public", access="open", opening="any", demo=True)
    desk = Desk.open(home, "public")
    studies.open_study(home, "public", NOW)
    assert not desk.accepts(NOW)
    with pytest.raises(StudyStateError, match="was a draft"):
        desk.cast_many([Submission(answers(1))], NOW)
    with pytest.raises(SurveyError, match="no key holders"):
        desk.seal.close(bytes(desk.seal.size))
