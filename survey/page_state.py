"""The page state: what a respondent has said so far, carried by the page itself.

There is no session and no cookie. Everything that later pages need travels in one hidden
field, encrypted and authenticated with AES-256-GCM under the study's state key. The plain
text is padded to one size per study, so that its length tells nothing about the answers.
A state has no expiry: it ends with its key, which is destroyed when the study closes.
"""

from __future__ import annotations

import binascii
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pybase64
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic_core import from_json, to_json

from survey.errors import PageStateError
from survey.instrument import Instrument
from survey.items.base import Answer

NONCE_BYTES, TAG_BYTES = 12, 16
BLOCK = 256
_ALPHABET = b"-_"
LONGEST_CODE = "X" * 32
LONGEST_TIME = 99_999_999_999
REVIEW = -1
"""The page number of the review; the questionnaire's own pages count from 0."""
TEXTS = -2
"""The page number of the list of texts in a reading study."""


@dataclass(frozen=True, slots=True)
class PageState:
    """Where somebody is and what the pages before have given.

    ``orders`` holds the index of the drawn balanced order by name (:mod:`survey.shuffles`);
    ``returning`` is true while one page is changed from the review, and ``ahead`` the pages that
    this change has brought up. In a reading study ``text`` is the text at hand, ``done`` those
    sent. ``begun`` is the second in which the state was drawn, in studies without codes:
    programs are faster than people. It ends with the page; no ballot has a time.
    """

    ballot_key: str
    language: str
    page: int = 0
    code: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    orders: Mapping[str, int] = field(default_factory=dict)
    returning: bool = False
    ahead: tuple[int, ...] = ()
    text: str = ""
    done: tuple[str, ...] = ()
    begun: int = 0


def first_state(instrument: Instrument, language: str, code: str = "") -> PageState:
    """The state of a first page: a fresh ballot key and, independent of it, drawn orders.

    In a reading study it stands at the list of texts.
    """
    orders = {s.name: secrets.randbelow(len(s.orders)) for s in instrument.shuffles}
    page = TEXTS if instrument.texts else instrument.places(orders)[0]
    return PageState(secrets.token_hex(16), language, page, code, orders=orders)


class StateBox:
    """Seals page states of one study and instrument version, and opens what it has sealed."""

    def __init__(
        self, key: bytes, study_id: str, instrument: Instrument, size: int | None = None
    ) -> None:
        """``size`` spares counting the longest state anew."""
        self._cipher = AESGCM(key)
        self._bound_to = f"{study_id}|{instrument.hash}".encode()
        self.size = size or state_size(instrument)

    def seal(self, state: PageState) -> str:
        """The text of the hidden field, equally long for every state of the study."""
        plain = _encode(state)
        if len(plain) > self.size:
            raise PageStateError("The answers are longer than the questionnaire allows.")
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, plain.ljust(self.size), self._bound_to)
        return pybase64.b64encode_as_string(nonce + sealed, altchars=_ALPHABET)

    def open(self, text: str) -> PageState:
        """The state in a hidden field; raises ``PageStateError`` for any other text."""
        try:
            raw = pybase64.b64decode(text, altchars=_ALPHABET, validate=True)
            plain = self._cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound_to)
        except (binascii.Error, InvalidTag, ValueError) as error:
            raise PageStateError("This page does not belong to the study.") from error
        # Behind the last brace is padding: to look for it from the end costs least.
        parts: dict[str, Any] = from_json(plain[: plain.rindex(b"}") + 1])
        parts |= {name: tuple(parts[name]) for name in ("ahead", "done")}
        return PageState(**parts)


def state_size(instrument: Instrument) -> int:
    """Bytes of the padded plain text: the longest possible state, rounded up to whole blocks.

    To so many blocks that Base64 ends without "=", which browsers would have to escape.
    """
    orders = {shuffle.name: len(shuffle.orders) for shuffle in instrument.shuffles}
    texts = tuple(text.id for text in instrument.texts)
    longest = PageState(
        ballot_key="f" * 32,
        language="x" * 16,
        page=len(instrument.pages),
        code=LONGEST_CODE,
        orders=orders,
        ahead=tuple(range(len(instrument.pages))),
        text=max(texts, key=len, default=""),
        done=texts,
        begun=LONGEST_TIME,
    )
    lengths = [len(_encode(replace(longest, answers=a))) for a in instrument.longest_by_text]
    size = -(-max(lengths) // BLOCK) * BLOCK
    while (NONCE_BYTES + size + TAG_BYTES) % 3:
        size += BLOCK
    return size


def _encode(state: PageState) -> bytes:
    parts = {name: getattr(state, name) for name in PageState.__slots__}
    return to_json(parts)
