"""The shipped attack: it holds on both databases, and finds every weakening of the design."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import postgres
import pytest

from survey import attack
from survey.attack import ADVERSARIES, orders
from survey.attack.findings import Finding, Protocol, at_most, exactly, figure
from survey.attack.installation import Installation
from survey.attack.needles import Needles, Watch
from survey.attack.sentences import LANGUAGES, SENTENCES
from survey.attack.sizes import Sizes
from survey.attack.traces import moments
from survey.errors import SetupError

SMALL = Sizes(codes=16, rounds=2, posts=8, kills=2)
NARROW = 7
"""Fewest codes with which a leak gives more pairs than the bound."""


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database; empty for a file in the home."""
    if request.param == "sqlite":
        yield ""
        return
    server: postgres.Server = request.getfixturevalue("postgresql")
    made = server.create()
    yield made
    server.drop(made)


def test_every_promise_holds(address: str, tmp_path: Path) -> None:
    protocol = attack.attack(tmp_path / "scratch", SMALL, url=address)
    assert [finding for finding in protocol.findings if not finding.held] == []
    assert {finding.check for finding in protocol.findings} >= {
        *(f"T{number}" for number in (*range(1, 9), 11, 12, 13, 14))
    }
    assert not (tmp_path / "scratch").exists()
    for language in LANGUAGES:
        assert SENTENCES["all_held"][LANGUAGES.index(language)] in protocol.to_text(language)


def test_the_study_of_the_attack_names_no_time_of_day_that_is_searched_for(tmp_path: Path) -> None:
    installation = Installation(tmp_path)
    text = installation.bundle("x").main
    for second in range(900):
        assert f"{installation.now + timedelta(seconds=second):%H:%M:%S}" not in text


@pytest.mark.full
def test_every_promise_holds_in_whole_numbers(address: str, tmp_path: Path) -> None:
    protocol = attack.attack(tmp_path / "scratch", Sizes(), url=address)
    assert [finding for finding in protocol.findings if not finding.held] == []
    found = {(finding.check, finding.code): finding.figure for finding in protocol.findings}
    assert found["T2", "tied_sealed"] == "400 / 400"
    assert found["T5", "races"] == "15 / 15"
    assert found["T6", "killed"] == "40"


def test_a_database_with_tables_is_not_attacked(
    postgresql: postgres.Server, tmp_path: Path
) -> None:
    address = postgresql.create()
    postgresql.run("SELECT 1")
    import psycopg

    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        connection.execute("CREATE TABLE precious (id int)")
    with pytest.raises(SetupError, match="empty database"):
        attack.attack(tmp_path / "scratch", SMALL, url=address)
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM precious").fetchone() == (0,)
    postgresql.drop(address)


# -- weakened designs ----------------------------------------------------------------------

Edit = tuple[str, str, str]
"""A file of the package, what stands there, and what a weaker design would have."""

ROWID: Sequence[Edit] = (
    ("schema.py", "    sqlite_with_rowid=False,\n", ""),
    ("migrations/versions/0001_urn.py", "        sqlite_with_rowid=False,\n", ""),
    ("drivers/sqlite.py", 'and "WITHOUT ROWID" not in sql', "and not sql"),
)
LYING: Sequence[Edit] = (
    (
        "drivers/postgresql.py",
        "for table, key in _REWRITTEN.items():",
        "for table, key in ():",
    ),
)
"""What hidden row numbers are to SQLite, the place of a row is to PostgreSQL."""
MORE_COLUMNS: Edit = (
    "links.py",
    "if other := set(COLUMNS[name]) ^ tables[name]:",
    "if other := set(COLUMNS[name]) - tables[name]:",
)
TIMESTAMP: Sequence[Edit] = (
    MORE_COLUMNS,
    (
        "schema.py",
        '    Column("sealed", LargeBinary, nullable=False),\n',
        '    Column("sealed", LargeBinary, nullable=False),\n    Column("mark", Integer),\n',
    ),
    (
        "migrations/versions/0001_urn.py",
        '        sa.Column("sealed", sa.LargeBinary, nullable=False),\n',
        '        sa.Column("sealed", sa.LargeBinary, nullable=False),\n'
        '        sa.Column("mark", sa.Integer),\n',
    ),
    (
        "urn.py",
        '"sealed": sealed}\n',
        '"sealed": sealed, "mark": int(__import__("time").time())}\n',
    ),
    ("urn.py", "key_digest, sealed) VALUES", "key_digest, sealed, mark) VALUES"),
    ("urn.py", ":key_digest, :sealed) ", ":key_digest, :sealed, :mark) "),
)
UNSEALED: Sequence[Edit] = (
    (
        "desk.py",
        "return self.seal.close(ballot.encode(made, self.signing_key, self.seal.size))",
        "plain = ballot.encode(made, self.signing_key, self.seal.size)\n"
        '        return (len(plain).to_bytes(4, "big") + plain).ljust(self.seal.stored_size)',
    ),
)
FLAGGED: Sequence[Edit] = (
    MORE_COLUMNS,
    (
        "schema.py",
        '    Column("group_name", String(64), nullable=False),\n',
        '    Column("group_name", String(64), nullable=False),\n'
        '    Column("used", Boolean, default=False),\n',
    ),
    (
        "migrations/versions/0001_urn.py",
        '        sa.Column("group_name", sa.String(64), nullable=False),\n',
        '        sa.Column("group_name", sa.String(64), nullable=False),\n'
        '        sa.Column("used", sa.Boolean),\n',
    ),
    (
        "codes.py",
        '"DELETE FROM codes WHERE study_id = :id AND digest = :code"',
        '"UPDATE codes SET used = true WHERE study_id = :id AND digest = :code '
        'AND used IS NOT TRUE"',
    ),
    (
        "codes.py",
        'count(*) FROM codes WHERE study_id = :id AND digest = :code"',
        'count(*) FROM codes WHERE study_id = :id AND digest = :code AND used IS NOT TRUE"',
    ),
)


@pytest.mark.parametrize(
    ("edits", "broken"),
    [
        pytest.param(ROWID, {"storage", "lying_pairs"}, id="rowid"),
        pytest.param(TIMESTAMP, {"storage"}, id="timestamp"),
        pytest.param(UNSEALED, {"found_answers"}, id="unsealed"),
        pytest.param(FLAGGED, {"storage", "used_rows"}, id="flagged"),
    ],
)
def test_a_weakened_design_is_found(
    edits: Sequence[Edit], broken: set[str], root: Path, tmp_path: Path
) -> None:
    assert _broken(edits, root, tmp_path) >= broken


@pytest.mark.parametrize(
    ("edits", "broken"),
    [
        pytest.param(LYING, {"lying_pairs"}, id="lying"),
        pytest.param(TIMESTAMP, {"storage"}, id="timestamp", marks=pytest.mark.full),
        pytest.param(UNSEALED, {"found_answers"}, id="unsealed", marks=pytest.mark.full),
        pytest.param(FLAGGED, {"storage", "used_rows"}, id="flagged", marks=pytest.mark.full),
    ],
)
def test_a_weakened_design_is_found_on_postgresql(
    edits: Sequence[Edit],
    broken: set[str],
    postgresql: postgres.Server,
    root: Path,
    tmp_path: Path,
) -> None:
    address = postgresql.create()
    try:
        assert _broken(edits, root, tmp_path, "--database", address) >= broken
    finally:
        postgresql.drop(address)


def _broken(edits: Sequence[Edit], root: Path, tmp_path: Path, *more: str) -> set[str]:
    """The codes of the promises that break in a copy of the program with these edits."""
    source = tmp_path / "source"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "survey", source / "survey", ignore=ignored)
    for name, old, new in edits:
        path = source / "survey" / name
        text = path.read_text("utf-8")
        assert old in text, f"{name} has changed: {old}"
        path.write_text(text.replace(old, new), "utf-8")
    out = tmp_path / "protocol.json"
    words = ["attack", "--codes", "12", "--only", "thief", "--lang", "en", "--out", str(out)]
    words += more
    done = subprocess.run(
        [sys.executable, "-m", "survey.cli", *words],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1, done.stderr
    assert "BROKEN" in done.stdout
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert not found["held"]
    return {entry["code"] for entry in found["findings"] if not entry["held"]}


# -- the tools of the adversaries ----------------------------------------------------------


def test_an_order_that_leaks_is_told_from_chance() -> None:
    people = list(range(400))
    shuffled = people[200:] + people[:200]
    assert orders.worst({"x": people}, [people] * 3)[0] == 400
    assert orders.worst({"x": people[::-1]}, [people] * 3) == (400, 1.0)
    assert orders.worst({"x": people}, [shuffled] * 3)[0] == 0
    # A leak into one opening of three is chance; into two of three it is none.
    assert orders.worst({"x": people}, [people, shuffled, shuffled])[0] == 0
    assert orders.worst({"x": people}, [people, people, shuffled])[0] == 400


def test_the_bound_of_the_correlation_is_three_standard_errors() -> None:
    assert orders.correlation_bound(400) == 0.15
    assert orders.correlation_bound(100) == 0.3


def test_needles_are_found_wherever_they_lie(tmp_path: Path) -> None:
    needles = Needles({"code": [b"ABCDEFGHJKLM", b"ABCDEFGHZZZZZ"], "time": [b"12:34:56"]})
    assert needles.hits(b"") == needles.hits(b"ABCDEFG") == {}
    assert needles.hits(b"ABCDEFGHJKLM12:34:56ABCDEFGHZZZZZ") == {"code": 2, "time": 1}
    with pytest.raises(ValueError, match="by chance"):
        needles.add("time", b"12:34")
    path = tmp_path / "file"
    watch = Watch([tmp_path])
    for place in (0, 4090, 4096, 8185, 20_000):
        content = bytearray(30_000)
        path.write_bytes(content)
        assert not any(needles.hits(part) for _, part in watch.fresh(needles.longest))
        content[place : place + 12] = b"ABCDEFGHJKLM"
        path.write_bytes(content)
        found = [needles.hits(part) for _, part in watch.fresh(needles.longest)]
        assert sum(one["code"] for one in found) == 1, place
    assert list(watch.fresh(needles.longest)) == []


def test_a_time_is_recognised_in_every_usual_form() -> None:
    now = datetime(2026, 5, 4, 12, 0, 30, tzinfo=UTC)
    seconds = now.timestamp()
    julian = seconds / 86400 + 2440587.5
    for value in (
        *(int(seconds * scale) for scale in (1, 1000, 1_000_000, 1_000_000_000)),
        seconds,
        julian,
        now,
        now.isoformat(),
        "2026-05-04 12:00:30+00:00",
    ):
        assert any(abs(moment - seconds) < 1 for moment in moments(value)), value
    for value in (12, 4096, "open", True, None, b"x", "2026-05-04T12:00:30+00:00" * 9):
        assert not any(abs(moment - seconds) < 1e6 for moment in moments(value)), value


def test_an_adversary_that_cannot_be_played_has_shown_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> list[Finding]:
        raise RuntimeError("no way")

    monkeypatch.setitem(ADVERSARIES, "races", attack.Adversary(fails, lambda _: 1))
    protocol = attack.attack(tmp_path / "scratch", SMALL, names=("races",))
    assert not protocol.held
    assert "RuntimeError: no way" in protocol.to_text("en")


def test_the_protocol_says_what_broke_in_both_languages() -> None:
    findings = [
        at_most("T1", "single_pairs", 9, 6, target="rows"),
        exactly("T5", "races", "1 / 2", "2 / 2", posts="8"),
        figure("T7", "times", "3 ms / 3 ms"),
    ]
    sizes = {name: getattr(SMALL, name) for name in Sizes.__slots__}
    protocol = Protocol("1", "sqlite", "2026-05-04", sizes, findings, ("note_disk",))
    german, english = (protocol.to_text(language) for language in LANGUAGES)
    assert "2 Zusagen sind gebrochen." in german
    assert "2 promises are broken." in english
    assert german.count("GEBROCHEN") == english.count("BROKEN") == 2
    raw = json.loads(protocol.to_json())
    assert [entry["held"] for entry in raw["findings"]] == [False, False, True]
    assert raw["findings"][0]["sentence"]["en"].endswith("row of the opened data")


def test_every_sentence_has_the_same_holes_in_both_languages() -> None:
    import re

    for german, english in SENTENCES.values():
        holes = [sorted(re.findall(r"\{(\w+)\}", text)) for text in (german, english)]
        assert holes[0] == holes[1]
