from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from reports import fonts


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[fonts.Cut, Path]:
    return fonts.font_files(tmp_path_factory.mktemp("cache"))


def test_four_static_cuts_are_made(made: dict[fonts.Cut, Path]) -> None:
    assert [cut.name for cut in made] == ["Regular", "Semibold", "Bold", "Italic"]
    for cut, path in made.items():
        with TTFont(path) as font:
            assert "fvar" not in font
            assert font["OS/2"].usWeightClass == cut.weight


def test_the_reserved_name_of_the_typeface_is_not_used(made: dict[fonts.Cut, Path]) -> None:
    for path in made.values():
        with TTFont(path) as font:
            for number in (1, 4, 6, 16):
                assert "Source" not in str(font["name"].getDebugName(number) or "")


@pytest.mark.parametrize("text", ["Äöüß„“–…€", "\u00a0\u202f\u2011\u00ad", "−±≥→■●◆✓", "łčşğ"])
def test_the_cuts_have_the_signs_of_a_dossier(made: dict[fonts.Cut, Path], text: str) -> None:
    for path in made.values():
        with TTFont(path) as font:
            missing = [hex(ord(c)) for c in text if ord(c) not in font.getBestCmap()]
            assert missing == []


def test_a_second_making_gives_the_same_bytes_and_leaves_nothing_aside(
    made: dict[fonts.Cut, Path], tmp_path: Path
) -> None:
    again = fonts.font_files(tmp_path)
    for cut, path in made.items():
        assert again[cut].read_bytes() == path.read_bytes()
    assert [p.name for p in (tmp_path / "fonts").iterdir()] == [again[fonts.CUTS[0]].parent.name]


def test_the_cache_follows_its_variables() -> None:
    assert fonts.cache_folder({"XDG_CACHE_HOME": "/c"}) == Path("/c/meinungsbild")
    assert fonts.cache_folder({}) == Path.home() / ".cache" / "meinungsbild"
