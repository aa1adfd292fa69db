from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from urn_example import NOW, add, answers, desk_with_holders, environment, opened_desk, submissions

from survey import codes, desk, links, studies, urn
from survey.codes import new_code
from survey.desk import Desk, Receipt, Submission
from survey.errors import AnswerError, CodeError, DatabaseError, SetupError, StudyStateError
from survey.home import HOST_KEY, Home
from survey.links import Link

KEY, OTHER_KEY = "a" * 32, "b" * 32

Result = TypeVar("Result")


def test_a_code_gives_exactly_one_ballot(home: Home) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    assert door.code_is_live(code)
    assert door.cast(Submission(answers(1), code=code), NOW) is Receipt.STORED
    assert not door.code_is_live(code)
    assert door.cast(Submission(answers(2), code=code), NOW) is Receipt.CODE_UNUSABLE
    assert urn.count(home, "staff", NOW) == 1


def test_a_used_and_an_unknown_code_give_the_same_receipt(home: Home) -> None:
    door = opened_desk(home, "staff")
    [used] = codes.issue(home, "staff", 1)
    door.cast(Submission(answers(1), code=used), NOW)
    receipts = {door.cast(Submission(answers(2), code=code), NOW) for code in (used, new_code())}
    assert receipts == {Receipt.CODE_UNUSABLE}
    assert [door.code_is_live(code) for code in (used, new_code())] == [False, False]


def test_a_resend_is_thanked_and_stores_nothing_twice(home: Home) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    sent = Submission(answers(1), ballot_key=KEY, code=code)
    assert [door.cast(sent, NOW) for _ in range(3)] == [
        Receipt.STORED,
        Receipt.ALREADY_STORED,
        Receipt.ALREADY_STORED,
    ]
    assert urn.count(home, "staff", NOW) == 1


def test_a_second_code_on_the_same_device_is_stored_under_a_fresh_key(home: Home) -> None:
    door = opened_desk(home, "staff")
    first, second = codes.issue(home, "staff", 2)
    for number, code in enumerate([first, second]):
        sent = Submission(answers(number), ballot_key=KEY, code=code)
        assert door.cast(sent, NOW) is Receipt.STORED
    assert urn.count(home, "staff", NOW) == 2


def test_an_open_study_takes_one_ballot_per_page_state(home: Home) -> None:
    door = opened_desk(home, "public", access="open")
    sent = Submission(answers(1), ballot_key=KEY)
    assert door.cast(sent, NOW) is Receipt.STORED
    assert door.cast(sent, NOW) is Receipt.ALREADY_STORED
    assert door.cast(Submission(answers(1), ballot_key=OTHER_KEY), NOW) is Receipt.STORED
    assert urn.count(home, "public", NOW) == 2


def test_a_mistyped_code_is_told_as_such_and_burns_nothing(home: Home) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    for act in (door.code_is_live, lambda typed: door.cast(Submission({}, code=typed), NOW)):
        with pytest.raises(CodeError) as caught:
            act(wrong)
        assert caught.value.typing
    assert door.code_is_live(code)


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": {"mood": "great"}},
        {"answers": {"nothing": "x"}},
        {"answers": {}, "orders": {"topics": 44}},
        {"answers": {}, "ballot_key": "x" * 65},
        {"answers": {}, "ballot_key": ""},
        {"answers": {}, "mode": "telepathy"},
        {"answers": {}, "language": "x" * 17},
    ],
)
def test_what_the_instrument_does_not_know_is_refused_and_burns_nothing(
    home: Home, wrong: dict[str, object]
) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    with pytest.raises(AnswerError):
        door.cast(Submission(code=code, **wrong), NOW)  # type: ignore[arg-type]
    assert door.code_is_live(code)


def test_an_empty_ballot_counts(home: Home) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    assert door.cast(Submission({}, code=code), NOW) is Receipt.STORED


def test_nothing_is_taken_before_and_after_the_dates_and_after_closing(
    home: Home, tmp_path: Path
) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    [code] = codes.issue(home, "staff", 1)
    sent = Submission(answers(1), code=code)
    for when in (NOW - timedelta(days=1000), NOW + timedelta(days=30_000)):
        assert not door.accepts(when)
        assert door.cast(sent, when) is Receipt.CLOSED
    assert door.accepts(NOW)
    studies.close_study(home, "staff", NOW)
    assert not door.accepts(NOW)
    assert door.cast(sent, NOW) is Receipt.CLOSED
    assert door.code_is_live(code)
    with pytest.raises(StudyStateError, match="takes no answers"):
        door.cast_many([sent], NOW)


def test_closing_destroys_the_key_of_the_page_state_for_running_desks_too(home: Home) -> None:
    door = opened_desk(home, "staff")
    key = door.state_key
    assert len(key) == 32
    studies.close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="not open"):
        _ = door.state_key


def test_a_desk_refuses_an_installation_with_another_signing_key(home: Home) -> None:
    opened_desk(home, "staff")
    home.destroy_secret(HOST_KEY)
    with pytest.raises(SetupError, match="signing key"):
        Desk.open(home, "staff")


def test_forty_posts_of_one_code_at_once_give_one_ballot(home: Home) -> None:
    door = opened_desk(home, "staff")
    for code in codes.issue(home, "staff", 5):
        before = urn.count(home, "staff", NOW)
        receipts = _at_once(40, partial(_post, door, code))
        assert receipts.count(Receipt.STORED) == 1
        assert receipts.count(Receipt.CODE_UNUSABLE) == 39
        assert urn.count(home, "staff", NOW) == before + 1


def test_processes_that_post_the_same_codes_store_each_once(home: Home) -> None:
    opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 60)
    with ExitStack() as running:
        processes = [running.enter_context(_casting(home, kills=0)) for _ in range(3)]
        posted = _at_once(3, lambda: processes.pop().communicate("\n".join(drawn))[0])
    printed = "".join(posted).split()
    assert printed.count("STORED") == 60
    assert printed.count("CODE_UNUSABLE") == 120
    assert urn.count(home, "staff", NOW) == 60


def test_a_failure_between_burning_and_storing_undoes_both(home: Home) -> None:
    door = opened_desk(home, "staff")
    [code] = codes.issue(home, "staff", 1)
    digest = codes.digest(door.code_key, "staff", codes.normalise(code))
    # A ballot of a study that is not there: the insert fails after the code has been deleted.
    with pytest.raises(DatabaseError), links.writing(home) as link:
        _burn_and_insert(link, digest)
    assert door.code_is_live(code)


def test_after_forty_kills_codes_and_ballots_add_up(home: Home) -> None:
    opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", 2000)
    with _casting(home, kills=40) as process:
        killed, _ = process.communicate("\n".join(drawn))
    assert process.returncode == 0
    assert killed.split() == ["killed"] * 40
    door = Desk.open(home, "staff")
    stored = urn.count(home, "staff", NOW)
    live = sum(door.code_is_live(code) for code in drawn)
    assert stored > 0
    assert live + stored == 2000


def test_a_chunk_of_ballots_is_stored_in_one_transaction(home: Home) -> None:
    door = opened_desk(home, "staff")
    drawn = codes.issue(home, "staff", desk.CHUNK + 10)
    sent = submissions(drawn)
    broken = [*sent[: desk.CHUNK + 5], Submission({"mood": "great"}, code=drawn[-1])]
    with pytest.raises(AnswerError):
        door.cast_many(broken, NOW)
    assert urn.count(home, "staff", NOW) == desk.CHUNK
    assert door.cast_many(sent, NOW) == 10


def test_a_draft_takes_no_answers(home: Home) -> None:
    add(home, "staff", demo=True)
    [code] = codes.issue(home, "staff", 1)
    door = Desk.open(home, "staff")
    assert not door.accepts(NOW)
    assert door.cast(Submission({}, code=code), NOW) is Receipt.CLOSED


def _burn_and_insert(link: Link, digest: bytes) -> None:
    assert codes.burn(link, "staff", digest)
    urn.put(link, "elsewhere", bytes(32), b"")


def _post(door: Desk, code: str) -> Receipt:
    """A post from a browser of its own: another ballot key each time."""
    return door.cast(Submission(answers(1), code=code), NOW)


def _at_once(count: int, act: Callable[[], Result]) -> list[Result]:
    gate = threading.Barrier(count)
    results: list[Result] = []

    def post() -> None:
        gate.wait()
        results.append(act())

    threads = [threading.Thread(target=post) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def _casting(home: Home, kills: int) -> subprocess.Popen[str]:
    """A process that is ready to cast what it gets on its input."""
    process = subprocess.Popen(
        [sys.executable, "-m", "casting", str(home.path), str(kills)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent,
        env=environment(),
    )
    assert process.stdout
    assert process.stdout.readline() == "ready\n"
    return process
