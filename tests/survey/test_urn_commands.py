from __future__ import annotations

import csv
import io
import shlex
import stat
from pathlib import Path

import pytest
from urn_example import NOW, answers, bundle

from survey import links
from survey.cli import run, survey
from survey.codes import normalise
from survey.dataset import current_data_set
from survey.desk import Desk, Submission
from survey.errors import SurveyError
from survey.home import HOST_KEY, Home


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MEINUNGSBILD_HOME", str(tmp_path / "home"))
    (tmp_path / "staff.yaml").write_text(bundle().main, "utf-8")
    (tmp_path / "public.yaml").write_text(bundle("open").main, "utf-8")
    return tmp_path


def test_a_study_goes_from_file_to_data_set_by_commands_alone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run("init") == 0
    assert _run("study add staff.yaml") == 0
    assert _run("keys create staff --holder Personalrat --out usb/one.key") == 0
    assert _run("keys create staff --holder Projekt --out usb/two.key") == 0
    printed = capsys.readouterr().out.splitlines()
    assert "SECRET" not in " ".join(printed)
    for line in printed:
        if line.startswith("survey keys register"):
            assert _run(line.removeprefix("survey ")) == 0
    assert _run("codes create staff -n 12 --out codes.txt") == 0
    assert _run("study open staff") == 1
    assert "no rehearsal has passed yet" in capsys.readouterr().err
    assert _run("keys rehearse staff --out r0") == 0
    assert _run("urn open r0 --key usb/one.key --out r1") == 1
    assert "whose rehearsal key must be named too" in capsys.readouterr().err
    assert _run("urn open r0 --key usb/one.key --key usb/one.rehearsal.key --out r1") == 0
    assert _run("urn open r1 --key usb/two.key --key usb/two.rehearsal.key --out r2") == 0
    assert _run("keys rehearse staff --result r2") == 0
    assert _run("study open staff") == 1
    told = capsys.readouterr().err
    assert "not been signed by data protection officer and staff council" in told
    assert "survey study sign staff --office data_protection" in told
    assert _run("study sign staff --office data_protection --person Erste --date 2026-05-01") == 0
    assert "still to sign: staff council" in capsys.readouterr().out
    assert _run("study open staff") == 1
    assert "not been signed by staff council" in capsys.readouterr().err
    assert _run("study sign staff --office staff_council --person Erste --date 2026-05-01") == 1
    assert _run("study sign staff --office staff_council --person Zweite --date 2026-05-01") == 0
    assert _run("study open staff") == 0
    drawn = (place / "codes.txt").read_text().split()
    home = Home(place / "home")
    desk = Desk.open(home, "staff")
    desk.cast_many((Submission(answers(n), code=code) for n, code in enumerate(drawn)), NOW)
    assert _run("study close staff --yes") == 0
    capsys.readouterr()
    assert _run("urn count staff") == 0
    assert capsys.readouterr().out == "12\n"
    assert _run("urn export staff --out u0") == 0
    assert _run("urn open u0 --key usb/two.key --out u1") == 1
    assert "belongs to Personalrat" in capsys.readouterr().err
    assert _run("urn open u0 --key usb/one.key --out u1") == 0
    assert _run("urn open u1 --key usb/two.key --out u2") == 0
    assert _run("urn import staff u2") == 0
    told = capsys.readouterr().out
    data_set = current_data_set(home, "staff")
    assert f"fingerprint: {data_set.fingerprint}" in told
    assert f"dataset: {data_set.path}" in told
    assert "ballots: 12, accepted: 12" in told
    assert "ballots and codes are destroyed" in told


def test_the_list_of_studies_as_csv_begins_with_the_id(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("study add staff.yaml")
    _run("study add public.yaml --id public")
    capsys.readouterr()
    assert _run("study list --format csv") == 0
    header, *rows = csv.reader(io.StringIO(capsys.readouterr().out))
    assert header == ["id", "title", "state", "regime", "opens", "closes"]
    assert [(row[0], row[2]) for row in rows] == [("public", "draft"), ("staff", "draft")]


def test_an_empty_home_has_no_studies(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("study list") == 0
    assert capsys.readouterr().out == ""


def test_codes_are_written_once_for_their_owner_alone(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("study add staff.yaml")
    assert _run("codes create staff -n 7 --out codes.txt") == 0
    path = place / "codes.txt"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    drawn = path.read_text().split()
    assert len({normalise(code) for code in drawn}) == 7
    assert not [code for code in drawn if code in capsys.readouterr().out]
    assert _run("codes create staff -n 7 --out codes.txt") == 1
    assert path.read_text().split() == drawn
    capsys.readouterr()
    assert _run("study status staff") == 0
    assert "codes: 7" in capsys.readouterr().out.splitlines()


def test_codes_that_cannot_be_written_are_not_issued(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("study add staff.yaml")
    (place / "file").touch()
    assert _run("codes create staff -n 7 --out file/codes.txt") == 1
    capsys.readouterr()
    _run("study status staff")
    assert not [line for line in capsys.readouterr().out.splitlines() if line.startswith("codes")]


def test_a_demo_is_opened_on_the_server(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _run("study add staff.yaml --demo --id try")
    assert _run("study open try") == 0
    assert _run("study close try --yes") == 0
    assert _run("urn open-here try") == 0
    assert "ballots: 0, accepted: 0" in capsys.readouterr().out


def test_what_the_user_can_mend_ends_with_status_1_and_usage_with_2(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("study add staff.yaml")
    for line in (
        "study open staff",
        "study close staff --yes",
        "study status nobody",
        "urn count nobody",
        "urn export staff --out u",
        "codes create nobody -n 1 --out c",
        "study add staff.yaml",
        "keys register staff nonsense --holder x",
    ):
        assert _run(line) == 1, line
    told = capsys.readouterr().err
    assert "Traceback" not in told
    for line in ("codes create staff", "codes create staff -n 0 --out c", "urn open nothing"):
        assert _run(line) == 2, line


def test_codes_whose_commit_fails_leave_no_file(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _run("study add staff.yaml")

    def fail(_: links.Link) -> None:
        raise SurveyError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(links.Link, "commit", fail)
        assert _run("codes create staff -n 7 --out codes.txt") == 1
    assert not (place / "codes.txt").exists()
    assert _run("codes create staff -n 7 --out codes.txt") == 0


def test_listing_studies_makes_no_home(place: Path) -> None:
    assert _run("study list") == 0
    assert not (place / "home").exists()


def test_the_line_that_registers_a_key_can_be_pasted_whatever_the_holder_is_called(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    holder = 'Rat "Nord"; touch $HOME'
    command = ["keys", "create", "staff", "--holder", holder, "--out", "a.key"]
    assert run(survey, command, "survey") == 0
    words = shlex.split(capsys.readouterr().out.splitlines()[-1])
    assert words == ["survey", "keys", "register", "staff", "a.public.txt"]
    _run("study add staff.yaml")
    assert run(survey, words[1:], "survey") == 0
    capsys.readouterr()
    _run("study status staff")
    assert f"key holders: {holder}" in capsys.readouterr().out


def test_a_truth_file_that_is_there_stops_a_simulation_before_it_casts(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run("study add staff.yaml --demo --id try")
    _run("study open try")
    (place / "truth.json").write_text("precious")
    assert _run("simulate try -n 5 --seed 1 --truth truth.json") == 1
    assert (place / "truth.json").read_text() == "precious"
    capsys.readouterr()
    _run("urn count try")
    assert capsys.readouterr().out == "0\n"


def test_the_server_does_not_start_with_another_signing_key(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(place / "home")
    _run("study add staff.yaml --demo --id try")
    _run("study open try")
    home.destroy_secret(HOST_KEY)
    home.make_secret(HOST_KEY)
    assert _run("serve --port 1") == 1
    assert "signing key" in capsys.readouterr().err


def test_migrate_is_harmless_on_a_newest_database(place: Path) -> None:
    assert _run("init") == 0
    assert _run("migrate") == 0
    links.check(Home(place / "home"))


def _run(line: str) -> int:
    return run(survey, line.split(), "survey")
