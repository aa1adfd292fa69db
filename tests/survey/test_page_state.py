"""The page state: sealed, bound to its study, equally long for everybody."""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st
from respondent import sample_questionnaire, texts_bundle

from survey.errors import PageStateError
from survey.instrument import Instrument
from survey.orders import balanced_orders
from survey.page_state import PageState, StateBox, first_state, state_size
from survey.questionnaire import read_bundle

INSTRUMENT = sample_questionnaire().instrument
KEY = secrets.token_bytes(32)
BOX = StateBox(KEY, "sample", INSTRUMENT)


@given(
    answers=st.fixed_dictionaries(
        {},
        optional={
            "dept": st.sampled_from(["parks", "library", "none"]),
            "fields": st.lists(st.sampled_from(["a", "b", "c"]), unique=True, min_size=1),
            "words": st.text(max_size=300),
        },
    ),
    page=st.integers(min_value=-1, max_value=3),
)
def test_a_state_comes_back_as_it_was_sealed(answers: dict[str, object], page: int) -> None:
    state = PageState("ab" * 16, "de", page=page, code="2" * 13, answers=answers)  # type: ignore[arg-type]
    assert BOX.open(BOX.seal(state)) == state


@given(text=st.text(st.characters(exclude_categories=["Cs"])))
def test_pages_that_were_open_before_an_update_go_on(text: str) -> None:
    state = PageState("ab" * 16, "de", answers={"words": text})
    # As the standard library writes it, which sealed the states before.
    plain = json.dumps(asdict(state), ensure_ascii=False, separators=(",", ":")).encode()
    nonce, bound_to = secrets.token_bytes(12), f"sample|{INSTRUMENT.hash}".encode()
    sealed = AESGCM(KEY).encrypt(nonce, plain.ljust(BOX.size), bound_to)
    assert BOX.open(base64.b64encode(nonce + sealed, b"-_").decode()) == state


def test_every_state_of_a_study_is_equally_long() -> None:
    empty = first_state(INSTRUMENT, "de")
    full = replace(empty, answers=INSTRUMENT.longest_answers, code="2" * 13, page=3)
    assert len(BOX.seal(empty)) == len(BOX.seal(full))


def test_the_longest_possible_state_fits() -> None:
    longest = json.dumps(INSTRUMENT.longest_answers, ensure_ascii=False).encode()
    assert len(longest) < state_size(INSTRUMENT) < len(longest) + 1024


def test_in_a_reading_study_the_state_of_every_text_is_equally_long() -> None:
    reading = read_bundle(texts_bundle()).instrument
    box = StateBox(KEY, "texts", reading)
    empty = first_state(reading, "de")
    lengths = {len(box.seal(empty))}
    for text, answers in zip(("t1", "t2"), reading.longest_by_text[1:], strict=True):
        full = replace(empty, text=text, answers=answers, done=("t1", "t2"), ahead=(0, 1, 2))
        assert box.open(box.seal(full)) == full
        lengths.add(len(box.seal(full)))
    assert len(lengths) == 1


def test_the_same_state_never_seals_to_the_same_text() -> None:
    state = first_state(INSTRUMENT, "de")
    assert BOX.seal(state) != BOX.seal(state)


def test_nothing_of_an_answer_can_be_read_from_the_hidden_field() -> None:
    state = replace(first_state(INSTRUMENT, "de"), answers={"words": "Brunnenstraße"})
    raw = base64.urlsafe_b64decode(BOX.seal(state))
    assert b"Brunnen" not in raw
    assert state.ballot_key.encode() not in raw


@pytest.mark.parametrize("place", [0, 11, 40, -1])
def test_a_single_changed_byte_is_noticed(place: int) -> None:
    raw = bytearray(base64.urlsafe_b64decode(BOX.seal(first_state(INSTRUMENT, "de"))))
    raw[place] ^= 1
    with pytest.raises(PageStateError):
        BOX.open(base64.urlsafe_b64encode(bytes(raw)).decode())


@pytest.mark.parametrize("text", ["", "x", "ä", "=" * 40, "AAAA", "\x00", "A" * 100_000])
def test_any_other_text_is_refused_as_foreign(text: str) -> None:
    with pytest.raises(PageStateError):
        BOX.open(text)


def test_a_state_of_another_study_key_or_version_does_not_open() -> None:
    sealed = BOX.seal(first_state(INSTRUMENT, "de"))
    changed = Instrument("another", INSTRUMENT.language, INSTRUMENT.pages)
    for box in (
        StateBox(KEY, "other", INSTRUMENT),
        StateBox(secrets.token_bytes(32), "sample", INSTRUMENT),
        StateBox(KEY, "sample", changed),
    ):
        with pytest.raises(PageStateError):
            box.open(sealed)


def test_a_first_state_draws_a_fresh_key_and_one_of_the_balanced_orders() -> None:
    states = [first_state(INSTRUMENT, "de") for _ in range(200)]
    assert len({state.ballot_key for state in states}) == 200
    orders = {state.orders["fields"] for state in states}
    assert orders == set(range(len(balanced_orders(INSTRUMENT.item("fields").list_length))))
    assert all(set(state.orders) == {"fields", "quality"} for state in states)
