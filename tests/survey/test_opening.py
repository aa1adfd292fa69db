from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from scipy.stats import spearmanr
from urn_example import (
    NOW,
    Told,
    answers,
    desk_with_holders,
    environment,
    files_of,
    fill,
    opened_desk,
)

from survey import ballot, codes, keys, links, opening, studies, urn
from survey.ballot import Ballot
from survey.cli import run, survey
from survey.codes import normalise
from survey.dataset import DataSet, current_data_set, stored_data_sets, write_data_set
from survey.desk import Desk, Submission
from survey.errors import StudyStateError, SurveyError
from survey.home import CODE_KEY, Home
from survey.rows import read_columns
from survey.states import State
from survey.urn_file import read_urn_file


def test_the_holders_open_one_after_the_other_and_the_server_destroys_its_urn(
    home: Home, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 40)
    studies.close_study(home, "staff", NOW)
    opened = _opened_by_holders(home, tmp_path)
    kept = opening.import_data_set(home, "staff", opened.path)
    assert kept.fingerprint == opened.fingerprint
    assert current_data_set(home, "staff") == kept
    assert kept.protocol["accepted"] == kept.protocol["ballots"] == 40
    assert [holder["holder"] for holder in kept.protocol["holders"]] == ["council", "project"]
    assert _left(home) == (State.OPENED, 0, 0)
    assert urn.count(home, "staff", NOW) == 40


def test_the_data_set_holds_what_was_sent(home: Home) -> None:
    door = opened_desk(home, "staff")
    fill(door, 30)
    opened = _open_here(home)
    sent = [door.instrument.encode(answers(number)) for number in range(30)]
    columns = read_columns(opened)
    rows = [tuple(int(columns[name][row]) for name in sent[0]) for row in range(30)]
    assert sorted(rows) == sorted(tuple(row.values()) for row in sent)
    texts = _texts(opened)
    assert sorted(texts["wish"]) == [f"Wunsch {number:05d}" for number in range(30)]
    assert sorted(texts["worry"]) == [f"Sorge {number:05d}" for number in range(30)]


def test_shown_orders_are_counted_apart_from_the_rows(home: Home) -> None:
    fill(opened_desk(home, "staff"), 30)
    opened = _open_here(home)
    orders = opened.orders["topics"]
    assert orders["shown"] == [8, 8, 7, 7]
    for counts in orders["values"].values():
        assert [sum(count.values()) for count in counts] == orders["shown"]
    assert not [name for name in read_columns(opened) if "order" in name]


def test_neither_rows_nor_texts_keep_the_order_of_arrival_or_of_each_other(home: Home) -> None:
    count = 400
    fill(opened_desk(home, "staff"), count)
    texts = _texts(_open_here(home))
    wishes, worries = ([int(text.split()[1]) for text in texts[id]] for id in ("wish", "worry"))
    arrived = list(range(count))
    for one, other in ((wishes, arrived), (worries, arrived), (wishes, worries)):
        # Chance: one equal place on average; seven or more have a probability below 1e-4.
        assert sum(a == b for a, b in zip(one, other, strict=True)) < 7
        assert abs(spearmanr(one, other).statistic) < 0.25


def test_every_kind_of_bad_ballot_is_rejected_and_counted_and_the_rest_opens(home: Home) -> None:
    door = opened_desk(home, "staff")
    fill(door, 20)
    foreign = opened_desk(home, "other")
    made = Ballot("staff", door.instrument.hash, "1" * 32, answers(1), {"topics": 0})
    forger = Ed25519PrivateKey.generate()
    _put(door, [_seal(door, replace(made, key=f"{n:032d}"), forger) for n in range(50)])
    _put(door, [_seal(door, replace(made, mode="rehearsal", key="2" * 32)) for _ in range(20)])
    _put(door, [_seal(foreign, replace(made, study="other", key="3" * 32))])
    _put(door, [_seal(door, replace(made, study="other", key="3" * 32))])
    _put(door, [_seal(door, replace(made, instrument="0" * 64, key="4" * 32))])
    _put(door, [_seal(door, replace(made, answers={"mood": "great"}, key="5" * 32))])
    _put(door, [_seal(door, replace(made, orders={"topics": 9}, key="6" * 32))])
    _put(door, [door.seal.close(b"no ballot".ljust(door.seal.size))])
    whole = _seal(door, replace(made, key="7" * 32))
    flipped = [bytearray(whole) for _ in range(5)]
    for number, sealed in enumerate(flipped):
        sealed[1000 + 100 * number] ^= 4
    _put(door, [bytes(sealed) for sealed in flipped])
    _put(door, [whole for _ in range(11)])
    protocol = _open_here(home).protocol
    assert protocol["rejected"] == {
        "answers": 2,
        "duplicate": 10,
        "format": 1,
        "instrument": 1,
        "rehearsal": 20,
        "signature": 50,
        "study": 1,
        "unreadable": 6,
    }
    assert protocol["accepted"] == 21
    assert protocol["ballots"] == 21 + 91


def test_unreadable_ballots_are_counted_once_whichever_layer_they_fail_at(
    home: Home, tmp_path: Path
) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    fill(door, 5)
    _put(door, [bytes(door.seal.stored_size)])
    inner = ballot.Seal(door.seal.recipients[:1], door.study.opening, door.seal.size)
    _put(door, [inner.close(bytes(door.seal.size)).ljust(door.seal.stored_size, b"\0")])
    studies.close_study(home, "staff", NOW)
    opened = _opened_by_holders(home, tmp_path)
    assert opened.protocol["rejected"] == {"unreadable": 2}
    assert opening.import_data_set(home, "staff", opened.path).protocol["accepted"] == 5


def test_a_wrong_key_opens_nothing_and_says_whose_turn_it_is(home: Home, tmp_path: Path) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 3)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn.zip")
    for wrong in (
        keys.read_identities(tmp_path / "holders" / "project.key"),
        [pyrage.x25519.Identity.generate()],
    ):
        with pytest.raises(SurveyError, match="belongs to council"):
            opening.open_layer(tmp_path / "urn.zip", wrong, tmp_path / "out.zip")
    assert not (tmp_path / "out.zip").exists()


def test_an_exported_ballot_is_a_plain_age_file_and_the_answers_are_readable_text(
    home: Home, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 1)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn.zip")
    with zipfile.ZipFile(tmp_path / "urn.zip") as archive:
        content = archive.read("ballots/000001.age")
    assert content.startswith(b"age-encryption.org/v1\n")
    for name in ("council", "project"):
        content = pyrage.decrypt(
            content, keys.read_identities(tmp_path / "holders" / f"{name}.key")
        )
    assert json.loads(content.splitlines()[0])["answers"] == answers(0)


def test_an_exported_urn_holds_no_row_keys_and_no_private_key(home: Home, tmp_path: Path) -> None:
    door = desk_with_holders(home, tmp_path / "holders", "staff")
    [code] = codes.issue(home, "staff", 1)
    door.cast(Submission(answers(1), ballot_key="a" * 32, code=code), NOW)
    studies.close_study(home, "staff", NOW)
    opening.export_urn(home, "staff", tmp_path / "urn.zip")
    content = (tmp_path / "urn.zip").read_bytes()
    assert ballot.key_digest("a" * 32) not in content
    assert b"AGE-SECRET-KEY" not in content
    with pytest.raises(SurveyError, match="exists already"):
        opening.export_urn(home, "staff", tmp_path / "urn.zip")


def test_a_study_with_codes_is_not_opened_on_the_server(home: Home, tmp_path: Path) -> None:
    desk_with_holders(home, tmp_path / "holders", "staff")
    studies.close_study(home, "staff", NOW)
    with pytest.raises(StudyStateError, match="key holders"):
        opening.open_on_server(home, "staff")


def test_an_urn_is_not_opened_before_closing(home: Home, tmp_path: Path) -> None:
    opened_desk(home, "staff")
    with pytest.raises(StudyStateError, match="staff is open"):
        opening.export_urn(home, "staff", tmp_path / "urn.zip")
    with pytest.raises(StudyStateError, match="staff is open"):
        opening.open_on_server(home, "staff")


def test_a_data_set_of_another_urn_is_refused_and_destroys_nothing(
    home: Home, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 12)
    elsewhere = Home(tmp_path / "elsewhere")
    fill(opened_desk(elsewhere, "staff"), 12)
    strange = _open_here(elsewhere)
    studies.close_study(home, "staff", NOW)
    with pytest.raises(SurveyError, match=r"was not made from the urn of staff: .*content"):
        opening.import_data_set(home, "staff", strange.path)
    assert _left(home)[:2] == (State.CLOSED, 12)
    assert stored_data_sets(home, "staff") == ()


def test_importing_twice_is_harmless_and_another_file_is_refused(
    home: Home, tmp_path: Path
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 4)
    studies.close_study(home, "staff", NOW)
    opened = _opened_by_holders(home, tmp_path)
    first = opening.import_data_set(home, "staff", opened.path)
    assert opening.import_data_set(home, "staff", opened.path) == first
    elsewhere = Home(tmp_path / "elsewhere")
    fill(opened_desk(elsewhere, "staff"), 4)
    with pytest.raises(StudyStateError, match="once"):
        opening.import_data_set(home, "staff", _open_here(elsewhere).path)
    assert stored_data_sets(home, "staff") == (first,)


def test_a_damaged_data_set_is_refused_and_destroys_nothing(home: Home, tmp_path: Path) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 4)
    studies.close_study(home, "staff", NOW)
    opened = _opened_by_holders(home, tmp_path)
    whole = opened.path.read_bytes()
    with zipfile.ZipFile(opened.path) as parts:
        starts = [(entry.header_offset + 60, entry.file_size) for entry in parts.infolist()]
    flipped = tmp_path / "flipped.zip"
    for start, size in starts:
        for place in (start, start + size // 3, start + size // 2):
            content = bytearray(whole)
            content[place] ^= 1
            flipped.write_bytes(content)
            with pytest.raises(SurveyError):
                opening.import_data_set(home, "staff", flipped)
    for cut in (100, len(whole) // 2, len(whole) - 4):
        flipped.write_bytes(whole[:cut])
        with pytest.raises(SurveyError):
            opening.import_data_set(home, "staff", flipped)
    assert _left(home)[:2] == (State.CLOSED, 4)
    assert stored_data_sets(home, "staff") == ()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("mood", 9, "mood holds values that the codebook does not know: .9"),
        ("mood", -3, "mood holds values"),
        ("topics_wege", 3, "topics_wege holds values"),
        ("wish", "W" * 201, "wish holds texts that could not be sent"),
        ("wish", "bell\x07", "wish holds texts that could not be sent"),
        ("strange", "text", "strange is no question with texts"),
    ],
)
def test_a_data_set_with_values_that_nobody_could_send_is_refused(
    home: Home, tmp_path: Path, name: str, value: int | str, told: str
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 4)
    studies.close_study(home, "staff", NOW)
    opened = _opened_by_holders(home, tmp_path)
    columns = {id: column.tolist() for id, column in read_columns(opened).items()}
    texts = _texts(opened)
    if isinstance(value, int):
        columns[name][0] = value
    else:
        texts[name] = [value]
    forged = write_data_set(
        tmp_path / "forged.zip",
        study=opened.study,
        codebook=opened.codebook,
        columns=columns,
        texts=texts,
        orders=opened.orders,
        protocol=opened.protocol,
    )
    with pytest.raises(SurveyError, match=told):
        opening.import_data_set(home, "staff", forged.path)
    assert _left(home)[:2] == (State.CLOSED, 4)
    kept = opening.import_data_set(home, "staff", opened.path)
    # Made from the same urn, and still not what was imported.
    with pytest.raises(StudyStateError, match="once"):
        opening.import_data_set(home, "staff", forged.path)
    assert stored_data_sets(home, "staff") == (kept,)


def test_two_openings_at_once_leave_one_data_set(home: Home) -> None:
    fill(opened_desk(home, "staff"), 30)
    studies.close_study(home, "staff", NOW)
    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda _: opening.open_on_server(home, "staff"), range(4)))
    assert len({one.fingerprint for one in opened}) == 1
    assert len(stored_data_sets(home, "staff")) == 1


def test_after_the_opening_no_key_of_the_study_lies_on_the_server(home: Home) -> None:
    for id, access, opening_rule in (("staff", "codes", "all"), ("public", "open", "any")):
        opened_desk(home, id, access=access, opening=opening_rule)
    studies.close_study(home, "staff", NOW)
    opening.open_on_server(home, "staff")
    left = {path.parent.name for path in home.secrets.rglob("*.key")}
    assert left == {"public"}
    home.make_secret(studies.state_secret("staff"))
    keys.create_server_keys(home, "staff", demo=True, count=1)
    opening.open_on_server(home, "staff")
    assert {path.parent.name for path in home.secrets.rglob("*.key")} == {"public"}
    assert not (home.secrets / studies.state_secret("staff")).exists()


def test_after_the_opening_no_file_holds_a_trace_of_codes_ballots_or_times(
    sqlite_home: Home,
) -> None:
    home = sqlite_home
    door = opened_desk(home, "staff")
    unused = codes.issue(home, "staff", 10)
    used = fill(door, 120)
    with links.reading(home) as link:
        sealed = list(urn.shuffled(link, "staff"))
    _open_here(home)
    key = home.secret(CODE_KEY)
    outside = [home.datasets, home.secrets]
    found = {
        path: content
        for path, content in files_of(home.path).items()
        if not any(path.is_relative_to(place) for place in outside)
    }
    everything = b"\0".join(found.values())
    assert {path.name for path in found} >= {"urn.sqlite"}
    for code in used + unused:
        for trace in (code, normalise(code)):
            assert trace.encode() not in everything
        assert codes.digest(key, "staff", normalise(code)) not in everything
    for content in sealed:
        assert content[500:532] not in everything
    today = datetime.now(UTC)
    assert today.date().isoformat().encode() not in everything
    assert not re.search(rb"\b%d\d{4}\b" % (today.timestamp() // 10_000), everything)
    log = home.path / "urn.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
    with links.reading(home) as link:
        assert link.number("PRAGMA freelist_count") == 0


def test_while_open_no_file_holds_the_digest_of_a_used_code_outside_the_log(
    sqlite_home: Home,
) -> None:
    home = sqlite_home
    used = fill(opened_desk(home, "staff"), 50)
    links.first_row(links.address(home), "PRAGMA wal_checkpoint(TRUNCATE)", {})
    everything = b"\0".join(files_of(home.path).values())
    key = home.secret(CODE_KEY)
    assert not [c for c in used if codes.digest(key, "staff", normalise(c)) in everything]


@pytest.mark.parametrize("opened_by", ["server", "holders"])
def test_a_kill_at_any_step_leaves_the_urn_intact_or_the_data_set_complete(
    home: Home, tmp_path: Path, opened_by: str
) -> None:
    holders = opened_by == "holders"
    door = desk_with_holders(home, tmp_path / "holders", "staff") if holders else None
    fill(door or opened_desk(home, "staff"), 12)
    studies.close_study(home, "staff", NOW)
    arguments = [str(home.path), str(tmp_path / "copies")]
    if holders:
        arguments.append(str(_opened_by_holders(home, tmp_path).path))
    links.scrub(home)
    links.disconnect()
    done = subprocess.run(
        [sys.executable, "-m", "killed_opening", *arguments],
        env=environment(),
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    steps = [line.split() for line in done.stdout.splitlines()]
    # Killed at every statement and at every touch of a file, and always finished afterwards.
    assert len(steps) > 25
    assert {before for before, _ in steps} == {"closed", "opened"}
    assert {after for _, after in steps} == {"12"}


def test_an_empty_urn_gives_an_empty_data_set(home: Home) -> None:
    opened_desk(home, "staff")
    opened = _open_here(home)
    assert opened.protocol["accepted"] == 0
    assert _left(home) == (State.OPENED, 0, 0)


def test_a_study_without_codes_is_opened_by_any_of_its_keys(home: Home) -> None:
    door = opened_desk(home, "public", access="open", opening="any")
    door.cast_many((Submission(answers(number)) for number in range(6)), NOW)
    assert _open_here(home, "public").protocol["modes"] == {"web": 6}


def test_progress_counts_every_ballot(home: Home) -> None:
    fill(opened_desk(home, "staff"), 7)
    studies.close_study(home, "staff", NOW)
    told = Told()
    opening.open_on_server(home, "staff", told)
    assert told.steps == {
        "staff: opening 7 ballots": list(range(1, 8)),
        "staff: comparing with 7 ballots": list(range(1, 8)),
        "staff: destroying ballots and codes": list(range(1, urn.STEPS + 1)),
    }


def test_every_part_of_an_opening_by_holders_tells_how_far_it_is(
    home: Home, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(desk_with_holders(home, tmp_path / "holders", "staff"), 4)
    studies.close_study(home, "staff", NOW)
    at, u = ["--home", str(home.path), "urn"], [str(tmp_path / f"u{n}") for n in range(3)]
    key = [str(tmp_path / "holders" / f"{name}.key") for name in ("council", "project")]
    for words, label in (
        (["export", "staff", "--out", u[0]], "staff: exporting 4 ballots"),
        (["open", u[0], "--key", key[0], "--out", u[1]], "opening 4 ballots"),
        (["open", u[1], "--key", key[1], "--out", u[2]], "opening 4 ballots"),
        (["import", "staff", u[2]], "staff: comparing with 4 ballots"),
    ):
        assert run(survey, [*at, *words], "survey") == 0
        told = capsys.readouterr().err
        assert f"{label}: 20 % (1 of 4)" in told
        assert f"{label}: 100 % (4 of 4)" in told
    assert "staff: destroying ballots and codes: 100 %" in told


def test_what_is_no_urn_is_told_plainly(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with pytest.raises(SurveyError, match="cannot be read"), read_urn_file(path):
        pass
    for content in (b"", b"text", _empty_zip(tmp_path)):
        path.write_bytes(content)
        with pytest.raises(SurveyError, match="not an exported urn"), read_urn_file(path):
            pass


def _open_here(home: Home, study_id: str = "staff") -> DataSet:
    studies.close_study(home, study_id, NOW)
    return opening.open_on_server(home, study_id)


def _opened_by_holders(home: Home, tmp_path: Path) -> DataSet:
    opening.export_urn(home, "staff", tmp_path / "urn-0.zip")
    opened = None
    for turn, name in enumerate(("council", "project")):
        identities = keys.read_identities(tmp_path / "holders" / f"{name}.key")
        assert opened is None
        source, target = tmp_path / f"urn-{turn}.zip", tmp_path / f"urn-{turn + 1}.zip"
        opened = opening.open_layer(source, identities, target)
    assert opened is not None
    return opened


def _left(home: Home, study_id: str = "staff") -> tuple[State, int, int]:
    """State, ballots and codes that the database holds."""
    with links.reading(home) as link:
        tables = ("ballots", "codes")
        counts = [link.number(f"SELECT count(*) FROM {table}") for table in tables]
    return studies.load_study(home, study_id).state, counts[0], counts[1]


def _seal(door: Desk, made: Ballot, key: Ed25519PrivateKey | None = None) -> bytes:
    return door.seal.close(ballot.encode(made, key or door.signing_key, door.seal.size))


def _put(door: Desk, sealed: Sequence[bytes]) -> None:
    """Smuggle sealed ballots into the urn, past the desk."""
    with links.writing(door.home) as link:
        for content in sealed:
            assert urn.put(link, door.study.id, random.randbytes(32), content)


def _texts(data_set: DataSet) -> dict[str, list[str]]:
    with zipfile.ZipFile(data_set.path) as parts:
        found: dict[str, list[str]] = json.loads(parts.read("texts.json"))
    return found


def _empty_zip(tmp_path: Path) -> bytes:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    return (tmp_path / "empty.zip").read_bytes()
