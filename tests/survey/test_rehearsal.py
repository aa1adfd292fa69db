"""The rehearsal, and what its keys and ballots are good for afterwards."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pyrage
import pytest
from urn_example import (
    HOLDERS,
    NOW,
    add,
    desk_with_holders,
    files_of,
    fill,
    identities,
    open_signed,
    opened_desk,
    register_holders,
    rehearse,
)

from survey import ballot, holder_files, keys, links, opening, rehearsal, studies, urn
from survey.dataset import DataSet
from survey.errors import BallotError, SetupError, StudyStateError, SurveyError
from survey.home import Home
from survey.records import read_records, write_record
from survey.urn_file import read_urn_file


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def holders(tmp_path: Path) -> Path:
    return tmp_path / "holders"


@pytest.fixture
def draft(home: Home, holders: Path) -> str:
    add(home, "staff")
    register_holders(home, holders, "staff")
    return "staff"


def test_a_study_with_codes_opens_only_after_its_rehearsal(
    home: Home, holders: Path, draft: str
) -> None:
    with pytest.raises(StudyStateError, match="no rehearsal has passed yet"):
        studies.open_study(home, draft, NOW)
    rehearse(home, holders, draft)
    open_signed(home, draft)


def test_changed_key_holders_have_to_rehearse_again(home: Home, holders: Path, draft: str) -> None:
    rehearse(home, holders, draft)
    studies.remove_recipient(home, draft, "project")
    made = holder_files.create_holder_files(holders / "new.key", draft, "project")
    studies.register_recipient(home, draft, made.recipient)
    with pytest.raises(StudyStateError, match="since the key holders changed"):
        studies.open_study(home, draft, NOW)


def test_a_demo_needs_no_rehearsal(home: Home) -> None:
    assert opened_desk(home, "staff").study.demo
    assert read_records(home, "staff") == ()


def test_the_protocol_holds_public_facts_and_the_attempt_is_gone(
    home: Home, holders: Path, draft: str
) -> None:
    rehearse(home, holders, draft)
    [record] = read_records(home, draft, "rehearsal")
    assert record.content["opened"] == record.content["test_ballots"] == 2
    assert [holder["holder"] for holder in record.content["holders"]] == list(HOLDERS)
    assert not list((home.path / "rehearsals").iterdir())


def test_both_keys_of_a_holder_are_tried_and_neither_alone_is_enough(
    home: Home, holders: Path, draft: str, tmp_path: Path
) -> None:
    rehearsal.begin(home, draft, tmp_path / "r0")
    real, practice = identities(holders, "council")
    for held, missing in (([real], "rehearsal key"), ([practice], "key")):
        with pytest.raises(SurveyError, match=f"council, whose {missing} must be named"):
            rehearsal.take_part(tmp_path / "r0", held, tmp_path / "r1")
    assert not (tmp_path / "r1").exists()


def test_a_result_without_every_proof_does_not_pass(
    home: Home, holders: Path, draft: str, tmp_path: Path
) -> None:
    rehearsal.begin(home, draft, tmp_path / "0")
    for place, name in enumerate(HOLDERS):
        held = identities(holders, name)
        rehearsal.take_part(tmp_path / f"{place}", held, tmp_path / f"{place + 1}")
    result = json.loads((tmp_path / "2").read_text())
    [first, second] = result["proofs"]
    spoilt = [
        {**result, "proofs": {first: result["proofs"][first]}},
        {**result, "proofs": {first: result["proofs"][second], second: "x"}},
        {**result, "ballots": result["ballots"][1:]},
        {**result, "study": "other"},
    ]
    for place, wrong in enumerate(spoilt):
        path = tmp_path / f"wrong{place}"
        path.write_text(json.dumps(wrong))
        with pytest.raises(SurveyError, match="has not passed"):
            rehearsal.finish(home, draft, path, NOW)
    assert read_records(home, draft) == ()
    rehearsal.finish(home, draft, tmp_path / "2", NOW)
    with pytest.raises(StudyStateError, match="no rehearsal of staff has begun"):
        rehearsal.finish(home, draft, tmp_path / "2", NOW)


def test_with_every_rehearsal_key_known_no_real_ballot_opens(
    home: Home, holders: Path, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, holders, "staff"), 12)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn")
    known = [identities(holders, name)[1] for name in HOLDERS]
    assert _opened(tmp_path / "urn", known) == 0
    with pytest.raises(SurveyError, match="does not open the outermost layer"):
        opening.open_layer(tmp_path / "urn", known, tmp_path / "out")


@pytest.mark.parametrize("name", HOLDERS)
def test_with_one_of_two_keys_no_ballot_opens(
    home: Home, holders: Path, tmp_path: Path, name: str
) -> None:
    fill(desk_with_holders(home, holders, "staff"), 12)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn")
    assert _opened(tmp_path / "urn", identities(holders, name)) == 0
    both = [key for holder in HOLDERS for key in identities(holders, holder)]
    assert _opened(tmp_path / "urn", both) == 12


def _opened(path: Path, held: list[pyrage.x25519.Identity]) -> int:
    """How many ballots show their answers to somebody who tries all keys as often as it helps."""
    shown = 0
    with read_urn_file(path) as (header, sealed):
        host_key = keys.read_host_key(header.host_key)
        for content in sealed:
            try:
                while content.startswith((b"age-encryption.org/", b"-----BEGIN AGE")):
                    content = ballot.open_layer(content, held)
                ballot.decode(content, host_key)
                shown += 1
            except BallotError:
                continue
    return shown


@pytest.mark.parametrize(("both", "reason"), [(False, "unreadable"), (True, "rehearsal")])
def test_ballots_copied_from_the_rehearsal_are_rejected_and_counted(
    home: Home, holders: Path, draft: str, tmp_path: Path, both: bool, reason: str
) -> None:
    rehearsal.begin(home, draft, tmp_path / "r0", count=20)
    path = tmp_path / "r0"
    for name in HOLDERS:
        out = tmp_path / f"after-{name}"
        rehearsal.take_part(path, identities(holders, name), out)
        path = out
    rehearsal.finish(home, draft, path, NOW)
    open_signed(home, draft)
    door = studies.load_study(home, draft)
    with read_urn_file(tmp_path / "r0") as (_, sealed):
        copied = list(sealed)
    _smuggle(home, door, copied)
    studies.close_study(home, draft, NOW)
    # Whether or not the holders still have their rehearsal keys and use them by mistake.
    protocol = _opened_by_holders(home, holders, tmp_path, both=both).protocol
    assert protocol["rejected"] == {reason: 20}
    assert (protocol["ballots"], protocol["accepted"]) == (20, 0)


def test_rehearsal_ballots_sealed_to_the_real_keys_are_rejected_too(
    home: Home, holders: Path, draft: str, tmp_path: Path
) -> None:
    rehearse(home, holders, draft)
    open_signed(home, draft)
    stored = studies.load_study(home, draft)
    payload = rehearsal._payload(home, stored)
    _smuggle(home, stored, [ballot.unframe(stored.seal.close(payload)) for _ in range(3)])
    studies.close_study(home, draft, NOW)
    assert _opened_by_holders(home, holders, tmp_path).protocol["rejected"] == {"rehearsal": 3}


def _smuggle(home: Home, stored: studies.StoredStudy, sealed: list[bytes]) -> None:
    with links.writing(home) as link:
        for one in sealed:
            framed = len(one).to_bytes(4, "big") + one
            key = ballot.key_digest(ballot.new_key())
            assert urn.put(link, "staff", key, framed.ljust(stored.seal.stored_size, b"\0"))


def _opened_by_holders(home: Home, holders: Path, folder: Path, *, both: bool = False) -> DataSet:
    opening.export_urn(home, "staff", folder / "u0")
    first, second = (identities(holders, name, both=both) for name in HOLDERS)
    opening.open_layer(folder / "u0", first, folder / "u1")
    made = opening.open_layer(folder / "u1", second, folder / "u2")
    assert made is not None
    return made


def test_no_private_key_is_on_the_server_after_rehearsal_and_opening(
    home: Home, holders: Path, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, holders, "staff"), 6)
    studies.close_study(home, "staff", NOW)
    made = _opened_by_holders(home, holders, tmp_path)
    opening.import_data_set(home, "staff", made.path)
    private = [str(key) for name in HOLDERS for key in identities(holders, name)]
    needles = [form for text in private for form in _forms(text)]
    assert len(needles) == 4 * 5
    found = files_of(home.path)
    assert len(found) > 5
    for path, content in found.items():
        assert b"AGE-SECRET-KEY-" not in content, path
        assert not [needle for needle in needles if needle in content], path
    # The search can find: the holders' own files hold every key.
    own = b"".join(files_of(holders).values())
    assert all(text.encode() in own for text in private)


def _forms(text: str) -> list[bytes]:
    """A private key as text in both cases and as its 32 bytes, raw, in hexadecimal and Base64."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    body = text.rpartition("1")[2].lower()[:-6]
    bits = "".join(f"{alphabet.index(letter):05b}" for letter in body)
    raw = int(bits[:256], 2).to_bytes(32, "big")
    rest = base64.b64encode(raw).rstrip(b"=")
    return [text.encode(), text.lower().encode(), raw, raw.hex().encode(), rest]


def test_records_that_were_changed_or_taken_out_are_noticed(home: Home) -> None:
    home.ensure()
    for number in range(3):
        write_record(home, "staff", "note", {"number": number}, NOW)
    records = read_records(home, "staff")
    assert [record.content["number"] for record in records] == [0, 1, 2]
    original = records[1].path.read_text()
    records[1].path.write_text(original.replace("1", "7"))
    with pytest.raises(SetupError, match="were changed"):
        read_records(home, "staff")
    records[1].path.unlink()
    with pytest.raises(SetupError, match="not complete"):
        read_records(home, "staff")
