"""A chart is drawn again as soon as anything that it shows is another, and otherwise taken."""

from __future__ import annotations

import stat
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from reports.chart_store import ChartStore, charts_kept
from reports.drawn_once import drawn_once, key_of, shelf
from reports.tables import Status
from survey.home import READY, Home

STUDY, DATA = "vision-staff", "5c9b" * 16


@dataclass(frozen=True)
class Bar:
    label: str
    value: float | None
    status: Status = Status.PUBLISHED
    notes: tuple[str, ...] = ()
    day: date = date(2027, 5, 1)


BAR = Bar("verlässlich", 0.5)
OTHERS = (
    replace(BAR, label="verlässlich:"),
    replace(BAR, value=0.5000000000000001),
    replace(BAR, value=None),
    replace(BAR, status=Status.MERGED),
    replace(BAR, notes=("",)),
    replace(BAR, day=date(2027, 5, 2)),
)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home").ensure()


def drawn(home: Home, of: object, svg: bytes = b"<svg/>", data: str = DATA) -> tuple[bytes, bool]:
    """The chart that comes, and whether it had to be drawn."""
    calls = []
    with charts_kept(home, STUDY, data):
        found = drawn_once("bars", [of], lambda: calls.append(1) or svg)  # type: ignore[func-returns-value]
    return found, bool(calls)


def kept(home: Home) -> Path:
    (path,) = (home.dossiers / STUDY / READY).glob("charts.*")
    return path


@pytest.mark.parametrize("other", OTHERS, ids=lambda bar: str(bar)[:70])
def test_whatever_a_chart_shows_is_part_of_its_key(other: Bar) -> None:
    assert key_of("bars", [[BAR], "head"]) == key_of("bars", [[replace(BAR)], "head"])
    assert key_of("bars", [[BAR], "head"]) != key_of("bars", [[other], "head"])
    assert key_of("bars", [[BAR]]) != key_of("dots", [[BAR]])
    assert key_of("bars", [[BAR], [other]]) != key_of("bars", [[BAR, other], []])


def test_the_same_chart_is_not_drawn_again_and_another_is(home: Home) -> None:
    assert drawn(home, BAR) == (b"<svg/>", True)
    assert drawn(home, BAR, b"<never/>") == (b"<svg/>", False)
    assert drawn(home, OTHERS[0], b"<other/>") == (b"<other/>", True)
    assert drawn(home, BAR, b"<never/>") == (b"<svg/>", False)
    assert stat.S_IMODE(kept(home).stat().st_mode) == 0o600


def test_charts_of_another_data_set_are_drawn_anew_and_the_old_ones_go(home: Home) -> None:
    drawn(home, BAR)
    before = kept(home)
    assert drawn(home, BAR, b"<new/>", "0" * 64) == (b"<new/>", True)
    assert kept(home) != before


def test_a_planted_chart_is_not_believed(home: Home) -> None:
    drawn(home, BAR)
    path = kept(home)
    path.write_bytes(path.read_bytes().replace(b"<svg/>", b"<lie/>"))
    assert drawn(home, BAR) == (b"<svg/>", True)
    # A chart of another study or data set carries another seal.
    other = ChartStore(home, STUDY, "0" * 64)
    other.keep({key_of("bars", [BAR]): b"<lie/>"})
    kept(home).rename(path)
    assert drawn(home, BAR) == (b"<svg/>", True)


def test_what_cannot_be_written_down_whole_is_drawn_each_time() -> None:
    known: dict[str, bytes] = {}
    with shelf(known):
        assert drawn_once("bars", [lambda: 1], lambda: b"one") == b"one"
        assert drawn_once("bars", [lambda: 1], lambda: b"two") == b"two"
    assert not known


def test_nothing_is_kept_in_a_home_without_secrets(tmp_path: Path) -> None:
    bare = Home(tmp_path / "bare")
    assert drawn(bare, BAR)[1]
    assert drawn(bare, BAR)[1]
