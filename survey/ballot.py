"""Ballots: answers in a canonical text, signed by the web host, padded and sealed.

A sealed ballot is an age file; what comes out of its last layer is readable text: one line of
JSON, one line with the signature, then blanks up to the study's size. The stored form has the
same number of bytes for every ballot of a study, whatever was answered.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from survey.errors import AnswerError, BallotError, SurveyError
from survey.study import OpeningRule

if TYPE_CHECKING:
    from survey.instrument import Instrument
    from survey.items.base import Answer

STEP = 1024
LARGEST = 64 * 1024
MODES = ("web", "paper", "rehearsal")
LONGEST_KEY, LONGEST_LANGUAGE = 64, 16
_CONTEXT = b"meinungsbild ballot 1\n"
_SIGNATURE = 128
_FRAME = 4
# An age header holds 98 bytes per recipient; age adds a random stanza of up to about 200 bytes,
# so that the file alone would not have a constant size.
_HEADER, _RECIPIENT = 512, 98
_CHUNK, _TAG = 64 * 1024, 16
_ARMOUR = len("-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n")


@dataclass(frozen=True, slots=True)
class Ballot:
    """What one person sent, with the study and the instrument that it belongs to.

    In a reading study ``text`` names the one text that the answers are about.
    """

    study: str
    instrument: str
    key: str
    answers: Mapping[str, Answer]
    orders: Mapping[str, int] = field(default_factory=dict)
    language: str = "de"
    mode: str = "web"
    text: str = ""

    def to_bytes(self) -> bytes:
        """The canonical text: JSON on one line, keys sorted, UTF-8."""
        raw = {name: getattr(self, name) for name in self.__slots__}
        raw["answers"], raw["orders"] = dict(self.answers), dict(self.orders)
        text = json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        try:
            return text.encode()
        except UnicodeEncodeError:
            raise AnswerError("an answer holds characters that cannot be stored") from None


def new_key() -> str:
    """A fresh ballot key: 32 random hexadecimal digits."""
    return secrets.token_hex(16)


def key_digest(key: str) -> bytes:
    """The key of a ballot's row: as random as the ballot key, of one length."""
    return hashlib.sha256(key.encode()).digest()


def padded_size(instrument: Instrument, study_id: str) -> int:
    """Bytes of every unsealed ballot of a study: the longest that can be, in steps of 1 KiB.

    Raises ``SurveyError`` above 64 KiB.
    """
    orders = {shuffle.name: 7 for shuffle in instrument.shuffles}
    longest = Ballot(
        study_id,
        instrument.hash,
        "f" * LONGEST_KEY,
        instrument.longest_answers,
        orders,
        "x" * LONGEST_LANGUAGE,
        max(MODES, key=len),
        max((text.id for text in instrument.texts), key=len, default=""),
    )
    needed = len(longest.to_bytes()) + _SIGNATURE + 2
    size = -(-needed // STEP) * STEP
    if size > LARGEST:
        raise SurveyError(
            f"a ballot of this questionnaire could need {needed} bytes, {LARGEST} is the limit: "
            "shorten the free texts"
        )
    return size


def check_orders(instrument: Instrument, orders: Mapping[str, object]) -> dict[str, int]:
    """The shown orders unchanged if each is one in which its list, page or blocks can be shown.

    Raises ``AnswerError``.
    """
    known = {shuffle.name: len(shuffle.orders) for shuffle in instrument.shuffles}
    for name, drawn in orders.items():
        # bool is an int for Python, but never an order.
        if type(drawn) is not int or drawn not in range(known.get(name, 0)):
            raise AnswerError(f"{name}: unknown order")
    return dict(orders)  # type: ignore[arg-type]


def encode(ballot: Ballot, key: Ed25519PrivateKey, size: int) -> bytes:
    """The signed ballot, padded to ``size`` bytes."""
    text = ballot.to_bytes()
    signature = key.sign(_CONTEXT + text).hex().encode()
    payload = text + b"\n" + signature + b"\n"
    if len(payload) > size:
        raise AnswerError("the answers are longer than the questionnaire allows")
    return payload.ljust(size)


def decode(payload: bytes, host_key: Ed25519PublicKey) -> Ballot:
    """The ballot of an unsealed payload.

    Raises ``BallotError`` with the reason ``format`` or ``signature``.
    """
    parts = payload.split(b"\n")
    if len(parts) != 3 or parts[2].strip(b" "):
        raise BallotError("format")
    try:
        host_key.verify(bytes.fromhex(parts[1].decode("ascii")), _CONTEXT + parts[0])
    except (InvalidSignature, ValueError):
        raise BallotError("signature") from None
    try:
        raw: dict[str, Any] = json.loads(parts[0])
        return Ballot(**raw)
    except (ValueError, TypeError):
        raise BallotError("format") from None


@dataclass(frozen=True)
class Seal:
    """How the ballots of a study are sealed: to whom, by which rule, to which size.

    With the rule ``all`` the first holder's layer is the outermost and is opened first; with
    ``any`` each holder alone can open. Without recipients it raises ``SurveyError``: there is no
    unsealed ballot.
    """

    recipients: tuple[str, ...]
    rule: OpeningRule
    size: int

    @cached_property
    def _layers(self) -> list[list[pyrage.x25519.Recipient]]:
        if not self.recipients:
            raise SurveyError("the study has no key holders yet: nothing can be sealed")
        keys = [pyrage.x25519.Recipient.from_str(text) for text in self.recipients]
        return [keys] if self.rule is OpeningRule.ANY else [[key] for key in reversed(keys)]

    @cached_property
    def stored_size(self) -> int:
        """Bytes of every stored ballot."""
        return self._sizes[-1] + _FRAME

    @cached_property
    def _sizes(self) -> list[int]:
        """Most bytes of each layer, innermost first; those below the outermost are armoured."""
        sizes: list[int] = []
        for layer in self._layers:
            inner = _armoured(sizes[-1]) if sizes else self.size
            sizes.append(inner + _HEADER + _RECIPIENT * len(layer) + _TAG * (1 + inner // _CHUNK))
        return sizes

    def close(self, payload: bytes) -> bytes:
        """The sealed ballot in its stored form, always ``stored_size`` bytes."""
        if len(payload) != self.size:
            raise ValueError(f"a payload has {self.size} bytes, not {len(payload)}")
        *below, outermost = self._layers
        for layer, size in zip(below, self._sizes, strict=False):
            # Age files differ in length by chance. The length of what lies under a layer can be
            # told from outside, and again by the next holder: it must not be a mark of the ballot.
            # An armoured age file may be followed by blank lines, so that age still opens it.
            armoured = pyrage.encrypt(payload, layer, armored=True)
            payload = armoured.ljust(_armoured(size), b"\n")
        payload = pyrage.encrypt(payload, outermost)
        framed = len(payload).to_bytes(_FRAME, "big") + payload
        if len(framed) > self.stored_size:
            raise ValueError("the sealed ballot is longer than expected")
        return framed.ljust(self.stored_size, b"\0")


def _armoured(size: int) -> int:
    """Bytes of an armoured age file of ``size`` bytes: Base64 in lines of 64, two lines around."""
    letters = 4 * -(-size // 3)
    return _ARMOUR + letters + -(-letters // 64)


def unframe(stored: bytes) -> bytes:
    """The age file in the stored form of a ballot; a damaged one does not open later."""
    length = int.from_bytes(stored[:_FRAME], "big")
    return stored[_FRAME : _FRAME + length]


def open_layer(sealed: bytes, identities: Sequence[pyrage.x25519.Identity]) -> bytes:
    """What lies under the outermost layer; raises ``BallotError`` (``unreadable``)."""
    try:
        return bytes(pyrage.decrypt(sealed, identities))
    except pyrage.DecryptError:
        raise BallotError("unreadable") from None
