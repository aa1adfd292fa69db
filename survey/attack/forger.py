"""T13: false, foreign, copied and damaged ballots in the urn, and wrong keys at the opening."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from survey import ballot, keys, links, opening, studies, urn
from survey.attack.findings import Finding, exactly
from survey.attack.installation import HOLDERS, Installation
from survey.attack.server import serving
from survey.attack.sizes import Sizes
from survey.attack.visitor import Visitor
from survey.ballot import Ballot
from survey.desk import Desk
from survey.errors import SurveyError
from survey.unsealing import Identities

STUDY, FOREIGN = "forger", "foreign"
HONEST = 20
FORGED, REHEARSED, REPLAYED, FLIPPED = 50, 20, 10, 5
EXPECTED = {
    "signature": FORGED,
    "rehearsal": REHEARSED,
    "duplicate": REPLAYED,
    "unreadable": FLIPPED + 1,
    "study": 1,
}
"""By reason; the foreign study's ballot is unreadable as it is, and rejected if sealed anew."""


def play(installation: Installation, sizes: Sizes, tell: Callable[[], None]) -> list[Finding]:
    """Whether all are rejected and counted, the rest opens, and no wrong key opens anything."""
    drawn = installation.open(STUDY, HONEST)
    with serving(installation, STUDY) as server:
        for number, code in enumerate(drawn):
            Visitor(7000 + number, server.port, STUDY).answer(code)
    tell()
    _stuff(installation)
    installation.close(STUDY)
    exported = installation.exported(STUDY)
    wrong = _opened_by_wrong_keys(installation, exported)
    _, data_set = installation.opened(STUDY, exported)
    found = data_set.protocol["rejected"]
    kept = opening.import_data_set(installation.home, STUDY, data_set.path)
    left = keys.private_keys_under(
        installation.home.path, studies.load_study(installation.home, STUDY).recipients
    )
    return [
        *(
            exactly("T13", f"rejected_{reason}", found.get(reason, 0), number)
            for reason, number in EXPECTED.items()
        ),
        exactly("T13", "rejected", sum(found.values()), sum(EXPECTED.values())),
        exactly("T13", "rest_opens", kept.protocol["accepted"], HONEST),
        exactly("T13", "wrong_keys", wrong, 0),
        exactly("T13", "private_keys", len(left), 0),
    ]


def _stuff(installation: Installation) -> None:
    """Everything that somebody with the database and the public keys can throw in."""
    desk, signing = Desk.open(installation.home, STUDY), keys.signing_key(installation.home)
    made = Ballot(STUDY, desk.instrument.hash, "0" * 32, {"person": "1"}, {"topics": 0})
    forger = Ed25519PrivateKey.generate()

    def sealed(one: Ballot, key: Ed25519PrivateKey = signing) -> bytes:
        fresh = replace(one, key=ballot.new_key())
        return desk.seal.close(ballot.encode(fresh, key, desk.seal.size))

    with links.reading(installation.home) as link:
        honest = list(urn.shuffled(link, STUDY))
    installation.open(FOREIGN, 1)
    foreign = Desk.open(installation.home, FOREIGN)
    other = replace(made, study=FOREIGN)
    stuffed = [sealed(made, forger) for _ in range(FORGED)]
    stuffed += [sealed(replace(made, mode="rehearsal")) for _ in range(REHEARSED)]
    stuffed += honest[:REPLAYED]
    stuffed += [_flipped(content, place) for place, content in enumerate(honest[-FLIPPED:])]
    stuffed += [sealed(other)]
    stuffed += [foreign.seal.close(ballot.encode(other, signing, foreign.seal.size))]
    with links.writing(installation.home) as link:
        for content in stuffed:
            urn.put(link, STUDY, secrets.token_bytes(32), content)


def _flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[len(changed) // 2 + place] ^= 1
    return bytes(changed)


def _opened_by_wrong_keys(installation: Installation, exported: Path) -> int:
    """How many wrong keys open the urn: the other holder's, a stranger's, the rehearsal's."""
    tried: Sequence[Identities] = [
        installation.identities(STUDY, HOLDERS[1]),
        [pyrage.x25519.Identity.generate()],
        [key for holder in HOLDERS for key in installation.identities(STUDY, holder, real=False)],
    ]
    opened = 0
    for number, identities in enumerate(tried):
        try:
            opening.open_layer(exported, identities, installation.place / f"wrong-{number}.zip")
        except SurveyError:
            continue
        opened += 1
    return opened
