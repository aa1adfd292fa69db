"""What the site adds to the pages of this folder while MkDocs builds it.

Formulas between ``$$`` (LaTeX) become MathML, which browsers and screen readers read without a
script. Pages that live elsewhere in the repository get a place in the site. The Python reference
is written from docstrings, one page per row of the tables in ``ARCHITECTURE.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
ELSEWHERE = {"CONTRIBUTING.md": "CONTRIBUTING.md", "deploy/README.md": "DEPLOYING.md"}
"""Path in the repository of a page outside this folder, and its place in the site."""
PACKAGES = ("survey", "reports")
FORMULA = re.compile(r"^\$\$\n(.+?)\n\$\$$", flags=re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Stage:
    """A row of the tables of modules: its package, its name, its modules and what they hold."""

    package: str
    name: str
    modules: tuple[str, ...]
    holds: str

    @property
    def path(self) -> str:
        """Where the page of this stage lies in the site."""
        return f"reference/{self.package}-{re.sub(r'[^a-z]+', '-', self.name)}.md"


def stages(text: str) -> Iterator[Stage]:
    """Every row of the tables of modules in the text of ``ARCHITECTURE.md``."""
    for package in PACKAGES:
        _, _, section = text.partition(f"the package `{package}`\n")
        for line in section.strip().partition("\n\n")[0].splitlines()[2:]:
            name, modules, holds = (cell.strip() for cell in line.strip("|").split(" | "))
            yield Stage(package, name, tuple(re.findall(r"`(\w+)`", modules)), holds)


def with_formulas(text: str) -> str:
    """The text of a page with every formula as MathML."""
    return FORMULA.sub(lambda found: _mathml(found[1]), text)


def _mathml(latex: str) -> str:
    math = convert(latex.replace("\n", " "), display="block")
    return f'<div class="formula" tabindex="0">{math}</div>'


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages from elsewhere and the Python reference."""
    for source, target in ELSEWHERE.items():
        text = (ROOT / source).read_text("utf-8")
        files.append(File.generated(config, target, content=_at_home(text, source)))
    rows = list(stages((ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")))
    for stage in rows:
        files.append(File.generated(config, stage.path, content=_stage_page(stage)))
    files.append(File.generated(config, "reference/index.md", content=_index(rows)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """A page as the site shows it: with formulas, and with its links to pages from elsewhere."""
    depth = page.file.src_uri.count("/")
    for source, target in ELSEWHERE.items():
        markdown = markdown.replace(
            f"]({'../' * (depth + 1)}{source}", f"]({'../' * depth}{target}"
        )
    return with_formulas(markdown)


def _at_home(text: str, source: str) -> str:
    up = "../" * source.count("/")
    return text.replace(f"]({up}docs/", "](")


def _index(rows: list[Stage]) -> str:
    lines = [
        "# Python reference",
        "",
        "Written from docstrings; one page per stage of the data.",
        "",
    ]
    for package in PACKAGES:
        lines += [f"## `{package}`", "", "| stage | modules |", "|---|---|"]
        for stage in rows:
            if stage.package == package:
                link = f"[{stage.name}]({stage.path.removeprefix('reference/')})"
                lines.append(f"| {link} | {', '.join(f'`{name}`' for name in stage.modules)} |")
        lines.append("")
    return "\n".join(lines)


def _stage_page(stage: Stage) -> str:
    title = stage.name[0].upper() + stage.name[1:]
    holds = re.sub(r"\]\((?=[A-Z])", "](../", stage.holds)
    parts = [f"# `{stage.package}`: {title}", "", f"{holds[0].upper()}{holds[1:]}.", ""]
    for name in stage.modules:
        parts += [f"::: {stage.package}.{name}", ""]
    return "\n".join(parts)
