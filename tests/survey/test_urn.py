from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from urn_example import NOW, add, answers, desk_with_holders, fill, opened_desk

from survey import ballot, links, studies, urn
from survey.desk import Desk, Submission
from survey.errors import SurveyError
from survey.home import Home


def test_the_count_of_a_demo_is_exact(home: Home) -> None:
    fill(opened_desk(home, "staff"), 13)
    assert urn.count(home, "staff", NOW) == 13


def test_the_count_of_a_study_is_in_tens_once_a_day_and_exact_after_closing(
    home: Home, tmp_path: Path
) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    fill(door, 19)
    assert urn.count(home, "staff", NOW) == 10
    fill(door, 19)
    assert urn.count(home, "staff", NOW + timedelta(hours=11)) == 10
    assert urn.count(home, "staff", NOW + timedelta(hours=12)) == 30
    studies.close_study(home, "staff", NOW)
    assert urn.count(home, "staff", NOW) == 38


def test_every_stored_ballot_has_the_same_size(home: Home) -> None:
    door = opened_desk(home, "public", access="open")
    for given in ({}, answers(1), door.instrument.longest_answers):
        door.cast(Submission(given, {"topics": 1}), NOW)
    with links.reading(home) as link:
        sizes = {len(sealed) for sealed in urn.shuffled(link, "public")}
    assert sizes == {door.seal.stored_size}


def test_no_answer_can_be_read_in_any_file_before_the_opening(home: Home) -> None:
    door = opened_desk(home, "public", access="open")
    door.cast(Submission({"wish": "Unverwechselbar Aufgeschrieben"}), NOW)
    everything = b"".join(path.read_bytes() for path in home.path.rglob("*") if path.is_file())
    assert b"Unverwechselbar" not in everything


def test_ballots_lie_in_the_order_of_random_keys(sqlite_home: Home) -> None:
    home = sqlite_home
    door = opened_desk(home, "public", access="open")
    sent = [Submission(answers(n), ballot_key=ballot.new_key()) for n in range(60)]
    door.cast_many(sent, NOW)
    query = "SELECT key_digest FROM ballots WHERE study_id = 'public'"
    with links.reading(home) as link:
        lying = [bytes(key) for (key,) in link.all(query)]
    arrived = [ballot.key_digest(one.ballot_key) for one in sent]
    assert lying == sorted(arrived)
    assert lying != arrived


def test_ballots_leave_the_urn_in_another_order_every_time(home: Home) -> None:
    fill(opened_desk(home, "staff"), 30)
    with links.reading(home) as link:
        first, second = (list(urn.shuffled(link, "staff")) for _ in range(2))
        digests = {urn.digest(link, "staff") for _ in range(2)}
    assert first != second
    assert sorted(first) == sorted(second)
    assert len(digests) == 1


def test_an_unknown_study_has_no_count(home: Home) -> None:
    add(home, "staff")
    with pytest.raises(SurveyError, match="no study"):
        urn.count(home, "nobody", NOW)


def test_two_studies_share_nothing_but_the_tables(home: Home) -> None:
    fill(opened_desk(home, "one"), 3)
    fill(opened_desk(home, "two"), 4)
    assert [urn.count(home, id, NOW) for id in ("one", "two")] == [3, 4]
    assert Desk.open(home, "one").state_key != Desk.open(home, "two").state_key
