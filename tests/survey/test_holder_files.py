"""What a holder has on an own machine, and that an independent age program reads it."""

from __future__ import annotations

import os
import pty
import re
import shutil
import stat
import subprocess
import time
import zipfile
from pathlib import Path

import pyrage
import pytest
import verapdf
from urn_example import HOLDERS, NOW, answers, desk_with_holders, fill, identities

from survey import holder_files, key_destruction, keys, opening, studies
from survey.cli import run, survey
from survey.errors import SurveyError
from survey.home import Home
from survey.key_sheet import write_key_sheet


@pytest.fixture
def age() -> str:
    found = shutil.which("age")
    if found is None:
        pytest.skip("the independent program is missing; apt-get install age")
    return found


def test_only_public_halves_leave_the_machine(tmp_path: Path) -> None:
    made = holder_files.create_holder_files(tmp_path / "a.key", "staff", "Personalrat")
    assert {path.name for path in tmp_path.iterdir()} == {
        "a.key",
        "a.rehearsal.key",
        "a.public.txt",
    }
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes == {0o600}
    assert "SECRET" not in made.public.read_text()
    assert holder_files.read_public(made.public, "staff") == made.recipient
    assert made.recipient.key != made.recipient.rehearsal


def test_a_public_file_that_was_changed_or_is_none_is_refused(tmp_path: Path) -> None:
    made = holder_files.create_holder_files(tmp_path / "a.key", "staff", "Personalrat")
    other = holder_files.create_holder_files(tmp_path / "b.key", "staff", "Fremd")
    text = made.public.read_text()
    changed = tmp_path / "changed.txt"
    changed.write_text(text.replace(made.recipient.key, other.recipient.key))
    for path, study, told in (
        (changed, "staff", "changed on the way"),
        (made.public, "other", "made for study staff"),
        (made.key, "staff", "private key: it must not be on this machine"),
        (tmp_path / "none", "staff", "cannot be read"),
    ):
        with pytest.raises(SurveyError, match=told):
            holder_files.read_public(path, study)


def test_a_key_file_with_a_passphrase_opens_with_it_alone(tmp_path: Path) -> None:
    recipient = keys.create_holder_key(tmp_path / "a.key", "x", "vier kluge Worte")
    content = (tmp_path / "a.key").read_bytes()
    assert b"SECRET" not in content
    with pytest.raises(SurveyError, match="locked with a passphrase"):
        keys.read_identities(tmp_path / "a.key")
    with pytest.raises(SurveyError, match="does not open"):
        keys.read_identities(tmp_path / "a.key", lambda _: "falsch")
    [identity] = keys.read_identities(tmp_path / "a.key", lambda _: "vier kluge Worte")
    assert str(identity.to_public()) == recipient.key


def test_a_key_is_typed_again_from_its_sheet_and_a_mistake_is_found_by_line() -> None:
    for _ in range(50):
        identity = pyrage.x25519.Identity.generate()
        lines = holder_files.secret_lines(identity)
        assert len(lines) == 3
        typed = [line.lower().replace(" ", "") for line in lines]
        assert str(holder_files.identity_from_lines(typed)) == str(identity)
    wrong = [lines[0], lines[1].replace(lines[1][0], "7" if lines[1][0] != "7" else "8", 1)]
    with pytest.raises(SurveyError, match="line 2"):
        holder_files.identity_from_lines([*wrong, lines[2]])
    with pytest.raises(SurveyError, match="are no private key"):
        holder_files.identity_from_lines([lines[1], lines[0], lines[2]])
    with pytest.raises(SurveyError, match="line 1"):
        holder_files.identity_from_lines(["ÄÖ1 B", lines[1], lines[2]])


def test_the_key_sheet_is_tagged_and_its_text_makes_the_key_again(
    root: Path, tmp_path: Path
) -> None:
    made = holder_files.create_holder_files(tmp_path / "a.key", "staff", "Personalrat <Nord>")
    [identity] = keys.read_identities(made.key)
    out = tmp_path / "sheet.pdf"
    write_key_sheet(out, "staff", made.recipient, identity, locked=False)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    command = ["pdftotext", "-layout", str(out), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = re.findall(r"((?:[0-9A-Z]{2,4} ){2,}/ [0-9A-Z])", text)
    assert str(holder_files.identity_from_lines(lines)) == str(identity)
    judge = verapdf.compiled(root, tmp_path)
    verdict = verapdf.judged(judge, out, "PDFUA-1")
    assert verdict.compliant, verdict.rules


def test_a_trustee_opens_an_exported_ballot_with_the_independent_age_program(
    age: str, tmp_path: Path
) -> None:
    home, holders = Home(tmp_path / "home"), tmp_path / "holders"
    fill(desk_with_holders(home, holders, "staff"), 1)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn.zip")
    with zipfile.ZipFile(tmp_path / "urn.zip") as archive:
        content = archive.read("ballots/000001.age")
    for name in HOLDERS:
        command = [age, "--decrypt", "--identity", str(holders / f"{name}.key")]
        content = subprocess.run(command, input=content, capture_output=True, check=True).stdout
    assert str(answers(0)["wish"]).encode() in content


def test_the_independent_program_reads_a_key_file_with_a_passphrase(
    age: str, tmp_path: Path
) -> None:
    recipient = keys.create_holder_key(tmp_path / "a.key", "x", "vier kluge Worte")
    sealed = pyrage.encrypt(b"gelesen", [pyrage.x25519.Recipient.from_str(recipient.key)])
    (tmp_path / "ballot.age").write_bytes(sealed)
    out = tmp_path / "out"
    command = [age, "-d", "-i", str(tmp_path / "a.key"), "-o", str(out)]
    child, terminal = pty.fork()
    if not child:
        os.execv(age, [*command, str(tmp_path / "ballot.age")])
    asked = b""
    while b"passphrase" not in asked.lower():
        asked += os.read(terminal, 1000)
    time.sleep(0.2)
    os.write(terminal, b"vier kluge Worte\n")
    _, status = os.waitpid(child, 0)
    assert status == 0
    assert out.read_bytes() == b"gelesen"


def test_keys_are_destroyed_only_against_the_data_set_that_they_opened(tmp_path: Path) -> None:
    home, holders = Home(tmp_path / "home"), tmp_path / "holders"
    fill(desk_with_holders(home, holders, "staff"), 2)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "u0")
    opening.open_layer(tmp_path / "u0", identities(holders, "council"), tmp_path / "u1")
    opening.open_layer(tmp_path / "u1", identities(holders, "project"), tmp_path / "u2")
    stranger = holder_files.create_holder_files(tmp_path / "s.key", "staff", "Fremd").key
    out = tmp_path / "protocol.json"
    with pytest.raises(SurveyError, match="was not opened with these keys"):
        key_destruction.destroy("staff", "Fremd", [stranger], tmp_path / "u2", out, NOW)
    assert stranger.exists()
    assert not out.exists()
    key = holders / "council.key"
    key_destruction.destroy("staff", "council", [key], tmp_path / "u2", out, NOW)
    assert not key.exists()
    protocol = key_destruction.read_protocol(out, "staff")
    assert len(protocol["data_set"]) == 64
    assert "SECRET" not in out.read_text()


def test_the_commands_of_a_holder_need_no_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEINUNGSBILD_HOME", str(tmp_path / "home"))
    assert _run("keys create staff --holder Personalrat --out a.key") == 0
    assert (tmp_path / "a.sheet.pdf").read_bytes().startswith(b"%PDF")
    assert _run("keys show a.key") == 0
    command = "keys destroy staff --holder Personalrat --key a.rehearsal.key --out p --yes"
    assert _run(command) == 2
    assert _run(f"{command} --rehearsal") == 0
    assert not (tmp_path / "a.rehearsal.key").exists()
    assert not (tmp_path / "home").exists()
    assert "SECRET" not in capsys.readouterr().out


def _run(line: str) -> int:
    return run(survey, line.split(), "survey")
