from __future__ import annotations

import stat
from pathlib import Path

import pyrage
import pytest

from survey import keys
from survey.errors import SetupError, SurveyError
from survey.home import Home
from survey.keys import Recipient


def test_a_holder_key_is_for_its_owner_alone_and_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "usb" / "council.key"
    recipient = keys.create_holder_key(path, "Personalrat")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_text("utf-8")
    with pytest.raises(SurveyError, match="exists already"):
        keys.create_holder_key(path, "Personalrat")
    assert path.read_text("utf-8") == before
    assert recipient.holder == "Personalrat"


def test_only_the_public_half_is_registered_and_it_fits_the_private_one(tmp_path: Path) -> None:
    path = tmp_path / "council.key"
    recipient = keys.create_holder_key(path, "Personalrat")
    [identity] = keys.read_identities(path)
    sealed = pyrage.encrypt(b"x", [pyrage.x25519.Recipient.from_str(recipient.key)])
    assert pyrage.decrypt(sealed, [identity]) == b"x"
    assert "SECRET" not in keys.recipients_to_json([recipient])
    assert keys.recipients_from_json(keys.recipients_to_json([recipient])) == (recipient,)


@pytest.mark.parametrize("text", ["", "# nothing", "AGE-SECRET-KEY-1BROKEN"])
def test_a_file_without_a_key_is_told_plainly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "file"
    path.write_text(text)
    with pytest.raises(SurveyError, match=r"file (cannot|holds no)"):
        keys.read_identities(path)


def test_a_private_key_is_no_recipient(tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    assert keys.check_recipient(f" {identity.to_public()}\n") == str(identity.to_public())
    with pytest.raises(SurveyError, match="not a public key"):
        keys.check_recipient(str(identity))


def test_a_refused_private_key_is_not_repeated_in_the_message() -> None:
    identity = pyrage.x25519.Identity.generate()
    with pytest.raises(SurveyError) as caught:
        keys.check_recipient(str(identity))
    assert str(identity) not in str(caught.value)


def test_private_keys_are_found_wherever_they_lie(tmp_path: Path) -> None:
    mine = keys.create_holder_key(tmp_path / "deep" / "down" / "notes.txt", "x")
    keys.create_holder_key(tmp_path / "other.key", "y")
    (tmp_path / "picture").write_bytes(b"\xff\xfe AGE-SECRET-KEY- \x00")
    found = keys.private_keys_under(tmp_path, [mine])
    assert found == [tmp_path / "deep" / "down" / "notes.txt"]
    assert keys.private_keys_under(tmp_path, [Recipient("z", "age1none")]) == []


def test_the_host_key_is_the_public_half_of_the_signing_key(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    signature = keys.signing_key(home).sign(b"text")
    keys.read_host_key(keys.host_key(home)).verify(signature, b"text")
    with pytest.raises(SurveyError, match="damaged"):
        keys.read_host_key("abc")


def test_server_keys_are_told_when_they_are_missing(tmp_path: Path) -> None:
    home = Home(tmp_path).ensure()
    with pytest.raises(SetupError, match="do not lie on this server"):
        keys.read_server_identities(home, "staff", demo=True)
    made = keys.create_server_keys(home, "staff", demo=True, count=2)
    assert keys.create_server_keys(home, "staff", demo=True, count=2) == made
    assert len(keys.read_server_identities(home, "staff", demo=True)) == 2
