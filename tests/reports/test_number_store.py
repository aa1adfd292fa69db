"""Where numbers stand is read again for the same rows only, and never believed without a seal."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from reports.estimates import COLUMNS, Estimate, Results
from reports.kept_file import KeptFile
from reports.number_store import NAME, NumberStore, key_of
from reports.row_numbers import row_numbers
from reports.tables import Status
from survey.home import READY, Home

STUDY = "s"
ROW = Estimate(
    study=STUDY, item="wishes", statistic="share", category="rooms", domain_variable="place",
    domain="mobile", value=0.25, se=0.1, low=0.2, high=0.3, level=0.95, base_n=40, base_N=80,
    n_eff=39.5, method="wilson_fpc", note="so", printed="25,0\u00a0%",
)  # fmt: skip
ROWS = (ROW, replace(ROW, category="time", value=0.5, printed="50,0\u00a0%"))
OTHER = {"value": 0.75, "se": 0.3, "low": 0.1, "high": 0.4, "level": 0.9, "base_n": 41}
OTHER |= {"base_N": 90, "n_eff": 12.5}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def kept(home: Home) -> Path:
    (path,) = (home.dossiers / STUDY / READY).glob("numbers.*")
    return path


@pytest.mark.parametrize("column", [name for name in COLUMNS if name != "status"])
def test_whatever_changes_in_a_row_is_read_anew(home: Home, column: str) -> None:
    store = NumberStore(home, STUDY)
    store(ROWS)
    other = (replace(ROW, **{column: OTHER.get(column, "other")}), ROWS[1])  # type: ignore[arg-type]
    assert key_of(other) != key_of(ROWS)
    assert store(other) == row_numbers(other)


def test_rows_in_another_order_fewer_rows_and_another_program_are_read_anew(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = key_of(ROWS)
    assert key_of(tuple(replace(row) for row in ROWS)) == known
    assert known not in {key_of(ROWS[::-1]), key_of(ROWS[:1]), key_of((*ROWS, ROW))}
    monkeypatch.setattr("reports.number_store.program", lambda: b"another")
    assert key_of(ROWS) != known


def test_a_status_says_nothing_about_numbers() -> None:
    assert row_numbers((replace(ROW, status=Status.MERGED),)) == row_numbers((ROW,))


def test_the_same_rows_are_not_read_again(home: Home) -> None:
    file = KeptFile(home, STUDY, NAME, key_of(ROWS))
    file.keep(json.dumps({"places": {"7": [1]}, "ends": [0]}).encode())
    found = NumberStore(home, STUDY)(ROWS)
    assert (found.places, found.ends) == ({"7": [1]}, [0])


def test_what_was_kept_is_what_was_read(home: Home) -> None:
    store = NumberStore(home, STUDY)
    first, again = store(ROWS), store(ROWS)
    assert {number: tuple(places) for number, places in again.places.items()} == first.places
    assert tuple(again.ends) == first.ends


def test_a_planted_place_is_not_believed(home: Home) -> None:
    store = NumberStore(home, STUDY)
    honest = store(ROWS)
    content = kept(home).read_text("utf-8")
    assert '"25,0 %"' in content
    kept(home).write_text(content.replace('"25,0 %"', '"99,9 %"'), "utf-8")
    assert store(ROWS) == honest


def test_it_is_the_owners_alone_only_one_is_kept_and_none_without_secrets(home: Home) -> None:
    store = NumberStore(home, STUDY)
    store(ROWS)
    store(ROWS[:1])
    assert stat.S_IMODE(kept(home).stat().st_mode) == 0o600
    bare = Home(home.path.parent / "bare")
    assert NumberStore(bare, STUDY)(ROWS) == row_numbers(ROWS)
    assert not (bare.dossiers / STUDY / READY).exists()


def test_rows_that_were_kept_have_the_key_of_rows_that_were_computed(staff: Results) -> None:
    again = json.loads(json.dumps([[getattr(row, name) for name in COLUMNS] for row in staff.rows]))
    rows = [Estimate(**dict(zip(COLUMNS, cells, strict=True))) for cells in again]
    assert key_of(rows) == key_of(staff.rows)
