"""The look: KERN, cut to what the templates use, and a small stylesheet of our own.

KERN's stylesheet comes from the installed package and is never copied into the repository.
At the start of the web process those rules stay whose KERN classes occur in the templates,
then those custom properties that the remaining rules reach. Images inside the stylesheet
become files, because the content security policy allows no ``data:`` address. Every file
carries the hash of its content in its name. Without the package, ``plain.css`` stands in.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from urllib.parse import unquote

import tinycss2  # type: ignore[import-untyped]
from tinycss2.ast import AtRule, Node, QualifiedRule  # type: ignore[import-untyped]
from whitenoise.compress import Compressor

from survey.web_font import FAMILY, KERN_FONT, SYSTEM_FONT, faces

KERN_CLASS = re.compile(r"kern-[a-zA-Z0-9_-]+")
_SELECTOR_CLASS = re.compile(r"\.([a-zA-Z][\w-]*)")
_PROPERTY = re.compile(r"--[\w-]+")
_DATA_IMAGE = re.compile(r'url\("data:image/svg\+xml,([^"]*)"\)')
_FONT_PROPERTY = "--kern-typography-font-family-default"
_RULE = re.compile(r"([^{}]*)\{[^{}]*\}")
"""A rule without other rules in it; what stands before the brace is its selectors."""
_BRACE_IN_TEXT = re.compile(r"""["'][^"'{}]*[{}][^"'{}]*["']""")
_FORCED_THEME = re.compile(r"data-kern-theme|\.kern-(?:light|dark)\b")


@dataclass(frozen=True, slots=True)
class Theme:
    """The static files by their hashed names, and the names that the pages link."""

    files: Mapping[str, bytes]
    stylesheet: str
    script: str
    icon: str

    def write(self, folder: Path) -> None:
        """Put the files, and compressed copies of them, into a folder; whole or not at all."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self.files.items():
            if not (folder / name).exists():
                _write_compressed(folder, name, content)


def _write_compressed(folder: Path, name: str, content: bytes) -> None:
    aside = folder / f".{secrets.token_hex(4)}{Path(name).suffix}"
    aside.write_bytes(content)
    written = [Path(path) for path in Compressor(quiet=True).compress(str(aside))]
    for path in [*written, aside]:
        path.replace(folder / path.name.replace(aside.name, name))


@cache
def load_theme(font: str = SYSTEM_FONT) -> Theme:
    """The theme with the device's own fonts, or with KERN's; cut once per process."""
    kern = installed_kern()
    static = resources.files("survey") / "static"
    base = cut(kern, used_classes()) if kern else (static / "plain.css").read_text("utf-8")
    files: dict[str, bytes] = {}
    base = _DATA_IMAGE.sub(lambda match: _image_file(match[1], files), base)
    text = base + minified((static / "survey.css").read_text("utf-8"))
    if font == KERN_FONT:
        text = _with_font(text, files)
    stylesheet = _add(files, "survey", ".css", text.encode())
    script = _add(files, "survey", ".js", (static / "survey.js").read_bytes())
    icon = _add(files, "icon", ".svg", (static / "icon.svg").read_bytes())
    return Theme(files, stylesheet, script, icon)


def _with_font(stylesheet: str, files: dict[str, bytes]) -> str:
    """A stylesheet whose text is set in KERN's typeface as soon as that has come."""
    declared = "".join(
        f'@font-face{{font-family:"{FAMILY}";font-weight:{weights};font-display:swap;'
        f'src:url({_add(files, "font", ".woff2", font)}) format("woff2")}}'
        for weights, font in faces().items()
    )
    set_in = f'{_FONT_PROPERTY}:"{FAMILY}",'
    return declared + re.sub(rf"{_FONT_PROPERTY}:\s*(?=system-ui)", set_in, stylesheet)


def installed_kern() -> str:
    """KERN's stylesheet from the installed package, empty if there is none."""
    try:
        package = resources.files("mkdocs_kern_ux")
    except ModuleNotFoundError:
        return ""
    file = package / "kern-ux" / "vendor" / "kern" / "kern.min.css"
    return file.read_text("utf-8") if file.is_file() else ""


def used_classes() -> frozenset[str]:
    """KERN's classes that occur in the templates."""
    templates = resources.files("survey") / "templates"
    return frozenset(
        name for file in _files(templates) for name in KERN_CLASS.findall(file.read_text("utf-8"))
    )


def _files(folder: Traversable) -> Iterator[Traversable]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith(".html"):
            yield entry


def classes_in(stylesheet: str) -> frozenset[str]:
    """Every class that a stylesheet's selectors name."""
    return frozenset(_SELECTOR_CLASS.findall(_DATA_IMAGE.sub("", stylesheet)))


def cut(stylesheet: str, used: Iterable[str]) -> str:
    """The stylesheet without rules for other classes and without unreached custom properties.

    >>> cut(":root{--a:1px;--b:2px}.kern-x{top:var(--a)}.kern-y,.kern-x b{left:0}", ["kern-x"])
    ':root{--a:1px}.kern-x{top:var(--a)}.kern-x b{left:0}'
    """
    wanted = frozenset(used)
    likely = without_rules_for_others(stylesheet, wanted)
    rules = list(_kept(tinycss2.parse_stylesheet(likely, True, True), wanted))
    reached = _reached("".join(rules))
    return "".join(_without_unreached(rule, reached) for rule in rules)


def without_rules_for_others(stylesheet: str, used: frozenset[str]) -> str:
    """The stylesheet without the rules that plainly speak of other classes.

    To take all of KERN apart is a quarter of the start of a server; nine tenths of it go here.

    >>> without_rules_for_others("@media print{.kern-x{top:0}.b{top:0}}", frozenset(["kern-x"]))
    '@media print{.kern-x{top:0}}'
    """
    if _BRACE_IN_TEXT.search(stylesheet):
        return stylesheet

    def kept(rule: re.Match[str]) -> str:
        return rule[0] if any(_is_used(one, used) for one in _split(rule[1])) else ""

    return _RULE.sub(kept, stylesheet)


def minified(stylesheet: str) -> str:
    """A stylesheet without comments and superfluous white space."""
    rules = tinycss2.parse_stylesheet(stylesheet, skip_comments=True, skip_whitespace=True)
    text = re.sub(r"/\*.*?\*/", "", "".join(rule.serialize() for rule in rules), flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", text)).replace(";}", "}")


def _kept(rules: Iterable[Node], used: frozenset[str]) -> Iterator[str]:
    for rule in rules:
        if isinstance(rule, QualifiedRule):
            selectors = tinycss2.serialize(rule.prelude)
            kept = [s for s in _split(selectors) if _is_used(s, used)]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content)}}}"
        elif isinstance(rule, AtRule) and rule.lower_at_keyword == "media":
            inner = tinycss2.parse_blocks_contents(rule.content, True, True)
            body = "".join(_kept(inner, used))
            if body:
                yield f"@media {tinycss2.serialize(rule.prelude).strip()}{{{body}}}"


def _split(selectors: str) -> list[str]:
    """Parts of a selector list; commas inside parentheses part nothing."""
    return re.split(r",(?![^(]*\))", selectors)


def _is_used(selector: str, used: frozenset[str]) -> bool:
    if _FORCED_THEME.search(selector):
        return False
    return all(name in used for name in _SELECTOR_CLASS.findall(selector))


def _reached(text: str) -> frozenset[str]:
    """Custom properties that rules use, directly or through other custom properties."""
    definitions: dict[str, set[str]] = {}
    for name, value in re.findall(r"(--[\w-]+)\s*:([^;}]*)", text):
        definitions.setdefault(name, set()).update(_PROPERTY.findall(value))
    waiting = set(_PROPERTY.findall(re.sub(r"--[\w-]+\s*:[^;}]*", "", text)))
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= definitions.get(name, set()) - reached
    return frozenset(reached)


def _without_unreached(rule: str, reached: frozenset[str]) -> str:
    def keep(match: re.Match[str]) -> str:
        return match[0] if match[1] in reached else ""

    tidy = re.sub(r"(--[\w-]+)\s*:[^;}]*(?:;|(?=\}))", keep, rule)
    # To look for empty rules takes the square of a rule's length.
    filled = re.sub(r"[^{}]+\{\}", "", tidy) if "{}" in tidy else tidy
    return re.sub(r";(?=\})", "", filled)


def _image_file(encoded: str, files: dict[str, bytes]) -> str:
    return f"url({_add(files, 'sign', '.svg', unquote(encoded).encode())})"


def _add(files: dict[str, bytes], stem: str, suffix: str, content: bytes) -> str:
    name = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
    files[name] = content
    return name
