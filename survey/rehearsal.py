"""The rehearsal: test ballots that the holders open offline, before a study with codes opens.

The test ballots are sealed like real ones, but to the holders' rehearsal keys: whoever learns
those keys, or keeps the test ballots, can open and add nothing later. The real keys take part
without leaving their machines: each opens one sealed token, whose content proves that the
holder can open the urn. Only what was found, never a private key, comes back to the server.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyrage

from survey import ballot, keys
from survey.ballot import Ballot, Seal
from survey.errors import BallotError, StudyStateError, SurveyError
from survey.files import write_new
from survey.home import Home
from survey.plausible import plausible_answers
from survey.questionnaire import Bundle
from survey.records import Record, write_record
from survey.rehearsal_record import KIND, terms
from survey.states import State
from survey.studies import StoredStudy, check_host_key, load_study, read_stored
from survey.study import OpeningRule, Study
from survey.urn_file import UrnHeader, read_urn_file, write_urn_file

BALLOTS = 20
"""Test ballots of a rehearsal."""

Identities = Sequence[pyrage.x25519.Identity]


def begin(home: Home, study_id: str, out: Path, count: int = BALLOTS) -> UrnHeader:
    """Test ballots of a draft sealed and written to a new file for the first key holder.

    What has to come back is noted in the home as digests; an earlier attempt is forgotten.
    Raises ``StudyStateError`` unless every holder has registered a rehearsal key.
    """
    stored = load_study(home, study_id)
    check_host_key(home, stored)
    _require_ready(stored)
    payloads = [_payload(home, stored) for _ in range(count)]
    tokens = {holder.key: secrets.token_hex(16) for holder in stored.recipients}
    public = tuple(holder.rehearsal for holder in stored.recipients)
    # One layer per holder whatever the rule: everybody's key has to be tried.
    seal = Seal(public, OpeningRule.ALL, stored.padded_size)
    header = UrnHeader(
        study=stored.study.to_json(),
        bundle=stored.bundle.to_json(),
        instrument_hash=stored.instrument_hash,
        host_key=stored.host_key,
        holders=stored.recipients,
        rule=stored.study.opening.value,
        layers=tuple((key,) for key in public),
        ballots=count,
        digest=_digest(payloads),
        checks={key: _sealed_token(key, token) for key, token in tokens.items()},
    )
    sealed = [ballot.unframe(seal.close(payload)) for payload in payloads]
    write_urn_file(out, sealed, lambda: header)
    _note(home, stored, payloads, tokens)
    return header


def is_rehearsal(path: Path) -> bool:
    """Whether an exported file holds test ballots; raises ``SurveyError`` if it is no export."""
    with read_urn_file(path) as (header, _):
        return bool(header.checks)


def take_part(path: Path, identities: Identities, out: Path) -> bool:
    """Take a holder's layer off the test ballots; true if it was the last one.

    ``identities`` are the holder's rehearsal key and the real key. What is written to ``out``
    goes to the next holder, the last one sends it back to the server. Raises ``SurveyError``
    if one of the keys is missing or a test ballot cannot be opened.
    """
    by_public = {str(identity.to_public()): identity for identity in identities}
    with read_urn_file(path) as (header, sealed):
        holder = next(h for h in header.holders if h.rehearsal in header.layers[0])
        _require_keys(holder, by_public)
        proofs = {**header.proofs, holder.key: _token(header, holder, by_public[holder.key])}
        try:
            inner = [ballot.open_layer(one, [by_public[holder.rehearsal]]) for one in sealed]
        except BallotError:
            raise SurveyError("a test ballot cannot be opened with this rehearsal key") from None
        if len(header.layers) > 1:
            rest = replace(header, layers=header.layers[1:], proofs=proofs)
            write_urn_file(out, inner, lambda: rest)
            return False
    _check_ballots(header, inner)
    result = {"study": Study.from_json(header.study).id, "proofs": proofs, **_found(inner)}
    write_new(out, lambda file: file.write(json.dumps(result, indent=1).encode()))
    return True


def finish(home: Home, study_id: str, path: Path, now: datetime) -> Record:
    """The record of a passed rehearsal; what was noted for it is destroyed.

    Raises ``SurveyError`` with what is missing in the result; the attempt stays open then.
    """
    stored = load_study(home, study_id)
    _require_ready(stored)
    noted, result = _noted(home, stored), _read_result(path)
    wrong = [
        f"the key of {holder.holder} has not proved itself"
        for holder in stored.recipients
        if _hash(result["proofs"].get(holder.key, "").encode()) != noted["tokens"][holder.key]
    ]
    if result["study"] != study_id:
        wrong.append(f"it belongs to study {result['study']}")
    if Counter(result["ballots"]) != Counter(noted["ballots"]):
        wrong.append("the test ballots are not those that were sealed here")
    if wrong:
        raise SurveyError(f"the rehearsal of {study_id} has not passed: " + "; ".join(wrong))
    content = {
        "terms": noted["terms"],
        "rule": stored.study.opening.value,
        "holders": [asdict(holder) for holder in stored.recipients],
        "instrument": stored.instrument_hash,
        "host_key": stored.host_key,
        "test_ballots": len(result["ballots"]),
        "opened": len(result["ballots"]),
        "result": _hash(path.read_bytes()),
    }
    record = write_record(home, study_id, KIND, content, now)
    _notes(home, study_id).unlink()
    return record


def _payload(home: Home, stored: StoredStudy) -> bytes:
    instrument = stored.questionnaire.instrument
    text = secrets.choice([known.id for known in instrument.texts] or [""])
    items = [item for page in instrument.of_text(text) for item in page.items]
    made = plausible_answers(items, instrument.language)
    answers = instrument.pruned(made, text=text)
    test = Ballot(
        stored.study.id,
        stored.instrument_hash,
        ballot.new_key(),
        instrument.check_answers(answers, text=text),
        {},
        instrument.language,
        "rehearsal",
        text,
    )
    return ballot.encode(test, keys.signing_key(home), stored.padded_size)


def _check_ballots(header: UrnHeader, payloads: Sequence[bytes]) -> None:
    """Raise ``SurveyError`` unless all are test ballots of this study, with sound answers."""
    study = Study.from_json(header.study)
    instrument = read_stored(
        study, Bundle.from_json(header.bundle), header.instrument_hash
    ).instrument
    host_key = keys.read_host_key(header.host_key)
    try:
        for payload in payloads:
            found = ballot.decode(payload, host_key)
            named = found.study, found.instrument, found.mode
            if named != (study.id, header.instrument_hash, "rehearsal"):
                raise BallotError("foreign")
            instrument.check_answers(found.answers, text=found.text)
    except SurveyError as error:
        raise SurveyError(f"a test ballot is not what was sealed: {error}") from None
    if _digest(payloads) != header.digest:
        raise SurveyError("the test ballots are not those that were sealed on the server")


def _require_ready(stored: StoredStudy) -> None:
    if stored.state is not State.DRAFT:
        raise StudyStateError(
            f"study {stored.study.id} is {stored.state.value}: it is rehearsed before it opens"
        )
    if len(stored.recipients) < 2:
        raise StudyStateError(
            f"study {stored.study.id} has {len(stored.recipients)} key holders and needs 2: "
            "`survey keys create` on each holder's own machine, then `survey keys register` here"
        )
    without = [holder.holder for holder in stored.recipients if not holder.rehearsal]
    if without:
        raise StudyStateError(
            f"no rehearsal key is registered for {', '.join(without)}: register the whole file "
            "with public keys, not the public key alone"
        )


def _require_keys(holder: keys.Recipient, held: dict[str, pyrage.x25519.Identity]) -> None:
    missing = [
        name
        for name, key in (("rehearsal key", holder.rehearsal), ("key", holder.key))
        if key not in held
    ]
    if missing:
        raise SurveyError(
            f"it is the turn of {holder.holder}, whose {' and '.join(missing)} must be named too"
        )


def _sealed_token(key: str, token: str) -> str:
    sealed = pyrage.encrypt(token.encode(), [pyrage.x25519.Recipient.from_str(key)])
    return base64.b64encode(sealed).decode()


def _token(header: UrnHeader, holder: keys.Recipient, identity: pyrage.x25519.Identity) -> str:
    try:
        sealed = base64.b64decode(header.checks[holder.key])
        return ballot.open_layer(sealed, [identity]).decode()
    except (KeyError, ValueError, BallotError):
        raise SurveyError(
            f"the key of {holder.holder} does not open what was sealed to it"
        ) from None


def _found(payloads: Sequence[bytes]) -> dict[str, Any]:
    return {"ballots": sorted(map(_hash, payloads))}


def _digest(payloads: Sequence[bytes]) -> str:
    return _hash("\n".join(_found(payloads)["ballots"]).encode())


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _notes(home: Home, study_id: str) -> Path:
    return home.path / "rehearsals" / f"{study_id}.json"


def _note(
    home: Home, stored: StoredStudy, payloads: Sequence[bytes], tokens: dict[str, str]
) -> None:
    path = _notes(home, stored.study.id)
    noted = {
        "terms": _terms(stored),
        "tokens": {key: _hash(token.encode()) for key, token in tokens.items()},
        **_found(payloads),
    }
    path.unlink(missing_ok=True)
    write_new(path, lambda file: file.write(json.dumps(noted, indent=1).encode()))


def _noted(home: Home, stored: StoredStudy) -> dict[str, Any]:
    try:
        noted: dict[str, Any] = json.loads(_notes(home, stored.study.id).read_text("utf-8"))
    except (OSError, ValueError):
        noted = {}
    if noted.get("terms") != _terms(stored):
        raise StudyStateError(
            f"no rehearsal of {stored.study.id} has begun with these key holders: "
            f"`survey keys rehearse {stored.study.id} --out FILE`"
        )
    return noted


def _terms(stored: StoredStudy) -> str:
    return terms(stored.recipients, stored.study.opening.value, stored.host_key)


def _read_result(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(path.read_text("utf-8"))
        words = [result["study"], *result["ballots"], *result["proofs"].values()]
        if not all(isinstance(word, str) for word in words):
            raise TypeError("a part is of another kind")
    except OSError as error:
        raise SurveyError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SurveyError(f"{path} is not the result of a rehearsal") from None
    return dict(result)
