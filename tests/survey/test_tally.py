from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urn_example import questionnaire

from survey import ballot
from survey.ballot import Ballot
from survey.errors import BallotError
from survey.tally import Parted, Tally

QUESTIONNAIRE = questionnaire("staff")
HOST = Ed25519PrivateKey.generate()


def test_rows_that_come_in_sorted_leave_shuffled() -> None:
    columns = _tallied(["good"] * 200 + ["poor"] * 200).columns
    good_first = list(columns["mood"][:200]).count(1)
    # Hypergeometric with mean 100 and standard deviation 5: ten of them either way.
    assert 50 < good_first < 150
    assert list(columns["mood"]).count(1) == 200


def test_two_tallies_of_the_same_ballots_have_different_orders() -> None:
    moods = ["good", "fair", "poor"] * 50
    first, second = (list(_tallied(moods).columns["mood"]) for _ in range(2))
    assert first != second
    assert sorted(first) == sorted(second)


def test_an_item_that_was_left_empty_is_skipped_and_gives_no_text() -> None:
    found = _tallied([None, "good"])
    assert sorted(found.columns["mood"]) == [-1, 1]
    assert sorted(found.columns["topics_wege"]) == [-1, -1]
    assert found.texts == {"wish": [], "worry": []}


def test_ballots_without_a_shown_order_are_not_counted_among_the_orders() -> None:
    assert _tallied(["good"]).orders["topics"]["shown"] == [0, 0, 0, 0]


def test_a_ballot_that_nothing_foresaw_is_rejected_and_leaves_no_trace() -> None:
    tally = Tally(QUESTIONNAIRE, HOST.public_key())
    good = Ballot("staff", QUESTIONNAIRE.instrument.hash, "a", {"mood": "good", "wish": "W"})
    tally.add(ballot.encode(good, HOST, 8192))
    strange: tuple[dict[str, object], ...] = (
        {"key": "b", "answers": ["mood"]},
        {"key": ["c"]},
        {"key": "d", "orders": [1]},
        {"key": "e", "mode": ["web"]},
    )
    for values in strange:
        text = json.dumps({**json.loads(good.to_bytes()), **values}).encode()
        signature = HOST.sign(ballot._CONTEXT + text).hex().encode()
        with pytest.raises(BallotError, match=r"TypeError|AttributeError|answers|format"):
            tally.add(text + b"\n" + signature + b"\n")
    tally.add(ballot.encode(replace(good, key="f"), HOST, 8192))
    found = tally.parted()
    assert found.ballots == 2
    assert {name: len(column) for name, column in found.columns.items()} == dict.fromkeys(
        found.columns, 2
    )
    assert found.texts["wish"] == ["W", "W"]


def _tallied(moods: Sequence[str | None]) -> Parted:
    tally = Tally(QUESTIONNAIRE, HOST.public_key())
    for mood in moods:
        given = {} if mood is None else {"mood": mood}
        made = Ballot("staff", QUESTIONNAIRE.instrument.hash, ballot.new_key(), given)
        tally.add(ballot.encode(made, HOST, 8192))
    return tally.parted()
