"""``survey new``: what it writes has no mistake; the guide's test makes a dossier of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from survey.errors import SurveyError
from survey.new_study import write_new_study
from survey.questionnaire import check_bundle, load_bundle

TODAY = datetime.now(UTC).date()


@pytest.mark.parametrize("day", [TODAY, date(2028, 2, 29), date(2027, 1, 20), date(2027, 12, 31)])
def test_what_is_written_has_neither_mistakes_nor_notes(tmp_path: Path, day: date) -> None:
    questionnaire, headcounts = write_new_study(tmp_path / "canteen", day)
    assert questionnaire.name == "canteen.yaml"
    assert headcounts.name == "canteen-headcounts.csv"
    assert check_bundle(load_bundle(questionnaire)) == ()


@pytest.mark.parametrize("name", ["Kantine", "k", "1st", "zwei worte", "ä", "a" * 41, "a_b"])
def test_a_name_that_cannot_be_an_id_is_refused_and_nothing_is_written(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(SurveyError, match="cannot be the id of a study"):
        write_new_study(tmp_path / name, TODAY)
    assert list(tmp_path.iterdir()) == []


def test_what_exists_is_never_replaced(tmp_path: Path) -> None:
    questionnaire, headcounts = write_new_study(tmp_path / "canteen", TODAY)
    questionnaire.unlink()
    headcounts.write_text("mine")
    with pytest.raises(SurveyError, match=r"canteen-headcounts\.csv exist already"):
        write_new_study(tmp_path / "canteen", TODAY)
    assert [path.read_text() for path in (tmp_path / "canteen").iterdir()] == ["mine"]
