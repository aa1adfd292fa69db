"""Many ballots are opened by helper processes, with the same outcome."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urn_example import NOW, Told, answers, fill, opened_desk

from survey import ballot, links, opening, studies, unsealing, urn
from survey.ballot import Ballot
from survey.desk import Desk
from survey.errors import SurveyError
from survey.home import Home


@pytest.fixture
def home(sqlite_home: Home) -> Home:
    return sqlite_home


@pytest.fixture
def many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten ballots are many, four a batch, and there are two processors."""
    monkeypatch.setattr(unsealing, "MANY", 10)
    monkeypatch.setattr(unsealing, "BATCH", 4)
    monkeypatch.setattr(unsealing, "helpers", lambda: 2)


@pytest.mark.usefixtures("many")
def test_helpers_judge_every_ballot_as_one_process_does(home: Home) -> None:
    door = opened_desk(home, "staff")
    fill(door, 30)
    made = Ballot("staff", door.instrument.hash, "1" * 32, answers(1), {"topics": 0})
    forger = Ed25519PrivateKey.generate()
    whole = _sealed(door, made, door.signing_key)
    stuffed = [_sealed(door, replace(made, key=f"{n:032d}"), forger) for n in range(7)]
    stuffed += [_sealed(door, replace(made, mode="rehearsal"), door.signing_key)]
    # Copies of one ballot come to different helpers; one of them counts.
    stuffed += [whole] * 9 + [bytes(len(whole))]
    with links.writing(home) as link:
        for content in stuffed:
            urn.put(link, "staff", random.randbytes(32), content)
    studies.close_study(home, "staff", NOW)
    told = Told()
    opened = opening.open_on_server(home, "staff", told)
    assert opened.protocol["accepted"] == 31
    assert opened.protocol["rejected"] == {
        "duplicate": 8,
        "rehearsal": 1,
        "signature": 7,
        "unreadable": 1,
    }
    assert told.steps["staff: opening 48 ballots"] == list(range(1, 49))


@pytest.mark.usefixtures("many")
def test_a_helper_that_dies_leaves_the_urn_as_it_was(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(opened_desk(home, "staff"), 12)
    studies.close_study(home, "staff", NOW)
    monkeypatch.setattr(unsealing, "_judge", _dies)
    with pytest.raises(SurveyError, match="nothing was changed"):
        opening.open_on_server(home, "staff")
    monkeypatch.undo()
    assert urn.count(home, "staff", NOW) == 12
    assert opening.open_on_server(home, "staff").protocol["accepted"] == 12


def test_batches_on_their_way_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = 0

    def source() -> Iterator[bytes]:
        nonlocal taken
        for _ in range(400):
            taken += 1
            yield b"no age file"

    monkeypatch.setattr(unsealing, "MANY", 10)
    monkeypatch.setattr(unsealing, "BATCH", 5)
    monkeypatch.setattr(unsealing, "helpers", lambda: 2)
    found = unsealing.unsealed(source(), [[]], 400)
    next(found)
    assert taken <= 5 * 2 * unsealing.AHEAD
    assert sum(isinstance(one, Exception) for one in found) == 399


def _sealed(door: Desk, made: Ballot, key: Ed25519PrivateKey) -> bytes:
    return door.seal.close(ballot.encode(made, key, door.seal.size))


def _dies(*_: object) -> list[object]:
    os._exit(1)
