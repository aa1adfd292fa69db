from __future__ import annotations

import os
from dataclasses import replace

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from urn_example import questionnaire

from survey import ballot
from survey.ballot import Ballot, Seal
from survey.errors import AnswerError, BallotError, SurveyError
from survey.instrument import Instrument, Page
from survey.items.text import Text
from survey.study import OpeningRule

HOST = Ed25519PrivateKey.generate()
HOLDERS = [pyrage.x25519.Identity.generate() for _ in range(3)]
PUBLIC = tuple(str(holder.to_public()) for holder in HOLDERS)
INSTRUMENT = questionnaire("staff").instrument
SIZE = ballot.padded_size(INSTRUMENT, "staff")
RULES = [OpeningRule.ALL, OpeningRule.ANY]


def test_a_ballot_comes_back_as_it_went_in() -> None:
    sent = _ballot(answers={"topics": ["wege", "zeit"], "wish": "Kürzere Wege 🚲"})
    assert ballot.decode(ballot.encode(sent, HOST, SIZE), HOST.public_key()) == sent


def test_equal_ballots_have_equal_bytes_whatever_the_order_of_their_answers() -> None:
    one = _ballot(answers={"mood": "good", "wish": "x"})
    other = _ballot(answers={"wish": "x", "mood": "good"})
    assert one.to_bytes() == other.to_bytes()


@pytest.mark.parametrize("rule", RULES)
def test_empty_and_longest_ballots_have_the_same_stored_size(rule: OpeningRule) -> None:
    seal = Seal(PUBLIC, rule, SIZE)
    longest = _ballot(answers=INSTRUMENT.longest_answers, orders={"topics": 7})
    sizes = {
        len(seal.close(ballot.encode(sent, HOST, SIZE)))
        for sent in [_ballot(), longest]
        # age adds a random stanza to every file: its length must not show either.
        for _ in range(200)
    }
    assert sizes == {seal.stored_size}


def test_the_padded_size_is_in_steps_of_a_kibibyte_and_holds_the_longest_answers() -> None:
    assert SIZE % 1024 == 0
    longest = _ballot(answers=INSTRUMENT.longest_answers, orders={"topics": 7})
    assert len(ballot.encode(longest, HOST, SIZE)) == SIZE


def test_an_instrument_whose_ballots_exceed_64_kib_is_refused() -> None:
    texts = tuple(Text(id=f"t{n}", type="text", text="?", max_length=10_000) for n in range(2))
    with pytest.raises(SurveyError, match="shorten"):
        ballot.padded_size(Instrument("1", "de", (Page("p", "", texts),)), "s")


def test_a_ballot_that_does_not_fit_is_refused_instead_of_cut() -> None:
    with pytest.raises(AnswerError, match="longer"):
        ballot.encode(_ballot(answers={"wish": "x" * SIZE}), HOST, SIZE)


def test_with_all_each_holder_takes_off_one_layer_in_turn() -> None:
    payload = ballot.encode(_ballot(), HOST, SIZE)
    sealed = ballot.unframe(Seal(PUBLIC, OpeningRule.ALL, SIZE).close(payload))
    for holder in HOLDERS:
        for other in HOLDERS:
            if other is not holder:
                with pytest.raises(BallotError, match="unreadable"):
                    ballot.open_layer(sealed, [other])
        sealed = ballot.open_layer(sealed, [holder])
    assert sealed == payload


def test_what_lies_under_a_layer_has_one_length_too() -> None:
    holders = [*HOLDERS, pyrage.x25519.Identity.generate()]
    seal = Seal(tuple(str(one.to_public()) for one in holders), OpeningRule.ALL, 4096)
    lying = [ballot.unframe(seal.close(bytes(4096))) for _ in range(40)]
    for holder in holders[:-1]:
        lying = [ballot.open_layer(sealed, [holder]) for sealed in lying]
        assert len({len(sealed) for sealed in lying}) == 1
        assert max(len(sealed) - len(sealed.rstrip()) for sealed in lying) <= 1024


def test_with_any_each_holder_alone_opens() -> None:
    payload = ballot.encode(_ballot(), HOST, SIZE)
    sealed = ballot.unframe(Seal(PUBLIC, OpeningRule.ANY, SIZE).close(payload))
    for holder in HOLDERS:
        assert ballot.open_layer(sealed, [holder]) == payload


@pytest.mark.parametrize("rule", RULES)
def test_a_foreign_key_and_a_flipped_byte_open_nothing(rule: OpeningRule) -> None:
    seal = Seal(PUBLIC, rule, SIZE)
    stored = seal.close(ballot.encode(_ballot(), HOST, SIZE))
    with pytest.raises(BallotError, match="unreadable"):
        ballot.open_layer(ballot.unframe(stored), [pyrage.x25519.Identity.generate()])
    for place in (0, 3, 10, 60, 500, SIZE):
        broken = bytearray(stored)
        broken[place] ^= 1
        with pytest.raises(BallotError, match="unreadable"):
            ballot.open_layer(ballot.unframe(bytes(broken)), [HOLDERS[0]])


def test_a_ballot_signed_by_another_host_is_a_forgery() -> None:
    payload = ballot.encode(_ballot(), Ed25519PrivateKey.generate(), SIZE)
    with pytest.raises(BallotError, match="signature"):
        ballot.decode(payload, HOST.public_key())


def test_a_changed_answer_breaks_the_signature() -> None:
    payload = ballot.encode(_ballot(answers={"mood": "good"}), HOST, SIZE)
    with pytest.raises(BallotError, match="signature"):
        ballot.decode(payload.replace(b'"good"', b'"poor"'), HOST.public_key())


@pytest.mark.parametrize("payload", [b"", b"{}", b"{}\n\n\n\n", b"{}\n00\nx", os.urandom(2000)])
def test_what_is_no_ballot_is_rejected_with_a_reason(payload: bytes) -> None:
    with pytest.raises(BallotError) as caught:
        ballot.decode(payload, HOST.public_key())
    assert caught.value.reason in ("format", "signature")


def test_a_text_that_cannot_be_stored_is_refused_before_it_is_sealed() -> None:
    with pytest.raises(AnswerError, match="characters"):
        ballot.encode(_ballot(answers={"wish": "\ud800"}), HOST, SIZE)


@pytest.mark.parametrize("orders", [{"topics": 99}, {"topics": -1}, {"topics": True}, {"mood": 0}])
def test_orders_that_cannot_have_been_shown_are_refused(orders: dict[str, object]) -> None:
    with pytest.raises(AnswerError, match="unknown order"):
        ballot.check_orders(INSTRUMENT, orders)


def test_ballot_keys_and_their_row_keys_are_random() -> None:
    drawn = {ballot.new_key() for _ in range(1000)}
    assert len(drawn) == 1000
    assert all(len(ballot.key_digest(key)) == 32 for key in drawn)


def _ballot(**changes: object) -> Ballot:
    plain = Ballot("staff", INSTRUMENT.hash, "f" * 32, {})
    return replace(plain, **changes)  # type: ignore[arg-type]
