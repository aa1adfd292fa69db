"""The stylesheet: cut from the installed package, never out of step with the templates."""

from __future__ import annotations

import gzip
import hashlib
import io
from importlib import resources
from pathlib import Path
from unittest.mock import patch

import pytest
import tinycss2  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont

from survey import theme
from survey.errors import SetupError
from survey.settings import Settings
from survey.theme import (
    classes_in,
    cut,
    installed_kern,
    load_theme,
    minified,
    used_classes,
    without_rules_for_others,
)
from survey.web_font import KERN_FONT


def test_every_kern_class_in_the_templates_exists_in_the_installed_stylesheet() -> None:
    assert used_classes() - classes_in(installed_kern()) == set()


def test_the_cut_keeps_what_is_used_and_drops_the_rest() -> None:
    kept = classes_in(cut(installed_kern(), used_classes()))
    assert kept <= used_classes()
    assert used_classes() - kept == set()
    assert len(classes_in(installed_kern())) > 10 * len(kept)


def test_rules_that_go_early_would_have_gone_later() -> None:
    used = used_classes()
    likely = without_rules_for_others(installed_kern(), used)
    assert len(likely) < len(installed_kern()) / 4
    with patch.object(theme, "without_rules_for_others", lambda stylesheet, _: stylesheet):
        assert cut(installed_kern(), used) == cut(likely, used)


def test_a_brace_in_a_text_ends_no_rule() -> None:
    text = '.kern-x::before{content:"}"}.kern-y{left:0}'
    assert without_rules_for_others(text, frozenset({"kern-x"})) == text
    assert cut(text, ["kern-x"]) == '.kern-x::before{content:"}"}'


def test_the_cut_keeps_dark_and_forced_colours() -> None:
    text = cut(installed_kern(), used_classes())
    assert "prefers-color-scheme: dark" in text
    assert "forced-colors: active" in text
    assert "data-kern-theme" not in text


def test_every_custom_property_that_remains_is_defined_or_has_a_fallback() -> None:
    text = cut(installed_kern(), used_classes())
    assert len(text) < len(installed_kern()) / 4
    rules = tinycss2.parse_stylesheet(text, True, True)
    assert not [rule for rule in rules if rule.type == "error"]


def test_the_stylesheet_is_small_and_names_no_other_address() -> None:
    theme = load_theme()
    content = theme.files[theme.stylesheet]
    assert len(gzip.compress(content)) < 12_000
    assert b"http" not in content
    assert b"data:" not in content
    assert b"@import" not in content
    assert b"@font-face" not in content


def test_kern_s_typeface_comes_with_the_setting_only_and_from_the_installation_itself() -> None:
    plain, theme = load_theme(), load_theme(KERN_FONT)
    fonts = [name for name in theme.files if name.endswith(".woff2")]
    assert [name for name in plain.files if name.endswith(".woff2")] == []
    assert len(fonts) == 2
    assert all(f"url({name})".encode() in theme.files[theme.stylesheet] for name in fonts)
    assert b'-default:"Fira Sans",system-ui' in theme.files[theme.stylesheet]
    assert b"http" not in theme.files[theme.stylesheet]
    for name in fonts:
        with TTFont(io.BytesIO(theme.files[name])) as font:
            known = font.getBestCmap()
            licence = font["name"].getDebugName(13)
        assert all(ord(sign) in known for sign in "AZazäöüßÄÖÜẞ„“‚‘–…€→ğışçâéłø0123456789")
        assert "Open Font License" in licence
        assert len(theme.files[name]) < 16_000


@pytest.mark.parametrize("given", ["", "Arial", "KERN"])
def test_a_font_that_there_is_not_is_refused_with_those_there_are(given: str) -> None:
    with pytest.raises(SetupError, match=r"MEINUNGSBILD_FONT is .*system and kern"):
        Settings.from_environment({"MEINUNGSBILD_FONT": given})
    assert Settings.from_environment({"MEINUNGSBILD_FONT": "kern"}).font == KERN_FONT
    assert Settings.from_environment({}).font == "system"


def test_every_name_carries_the_hash_of_its_content() -> None:
    for name, content in load_theme().files.items():
        assert hashlib.sha256(content).hexdigest()[:12] in name


def test_files_are_written_whole_with_compressed_copies(tmp_path: Path) -> None:
    theme = load_theme()
    theme.write(tmp_path)
    theme.write(tmp_path)
    names = {path.name for path in tmp_path.iterdir()}
    assert set(theme.files) <= names
    assert f"{theme.stylesheet}.gz" in names
    assert not [name for name in names if name.startswith(".")]
    packed = (tmp_path / f"{theme.stylesheet}.gz").read_bytes()
    assert gzip.decompress(packed) == theme.files[theme.stylesheet]


def test_our_own_stylesheets_are_below_ten_and_five_kilobytes() -> None:
    static = resources.files("survey") / "static"
    assert len((static / "survey.css").read_bytes()) < 10_000
    assert len((static / "plain.css").read_bytes()) < 5_000


def test_the_stand_in_knows_every_control_that_the_templates_use() -> None:
    text = (resources.files("survey") / "static" / "plain.css").read_text("utf-8")
    needed = {"kern-btn", "kern-form-check", "kern-fieldset", "kern-error", "kern-sr-only"}
    assert needed <= classes_in(text) & used_classes()


def test_minifying_keeps_every_rule() -> None:
    text = (resources.files("survey") / "static" / "survey.css").read_text("utf-8")
    small = minified(text)
    assert classes_in(small) == classes_in(text)
    assert len(small) < len(text)
    assert "/*" not in small


def test_the_script_is_one_small_file_that_fetches_stores_and_injects_nothing() -> None:
    theme = load_theme()
    assert [name for name in theme.files if name.endswith(".js")] == [theme.script]
    text = theme.files[theme.script].decode()
    assert len(text) < 8_000
    assert len(gzip.compress(text.encode())) < 3_000
    for forbidden in (
        "fetch",
        "XMLHttpRequest",
        "sendBeacon",
        "WebSocket",
        "innerHTML",
        "eval",
        "cookie",
        "localStorage",
        "sessionStorage",
        "http",
        "import",
    ):
        assert forbidden not in text
