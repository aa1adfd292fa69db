"""What the documentation shows exists, works as printed and is complete."""

from __future__ import annotations

import html
import logging
import re
import runpy
import shutil
import subprocess
from pathlib import Path

import click
import documentation
import pymupdf
import pytest
import verapdf
from documentation import DOCS, GERMAN, blocks, commands, frame, prose
from mkdocs.commands.build import build
from mkdocs.config import load_config
from survey_frame import findings

from reports.cli import reports
from survey.cli import survey
from survey.command_reference import command_reference

PROGRAMS: dict[str, click.Command] = {"survey": survey, "reports": reports}
PAGES = sorted(path for path in DOCS.rglob("*.md"))
PATTERNS = DOCS / "de" / "fragebogen.md"
# The theme speaks German by itself and has no catalogues of translations.
PARTS = ["Context", "Decision", "Consequence"]
THEME = ("MkDocs",)
KNOWN = ("No translations could be found for the locale 'de'",)


def test_the_site_builds_whole_and_in_german(
    tmp_path: Path, root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No broken link, no page that nobody finds, no word of the frame left in English."""
    with caplog.at_level(logging.WARNING, logger="mkdocs"):
        build(load_config(str(root / "mkdocs.yml"), site_dir=str(tmp_path / "site")))
    said = [record.getMessage() for record in caplog.records]
    assert [text for text in said if not text.startswith(KNOWN)] == []
    home = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert '<html lang="de"' in home
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+https?://", home)
    for page in (tmp_path / "site" / "de").glob("*.html"):
        around = " ".join(frame(page))
        assert "Zum Inhalt springen" in around
        assert misspelt(around, tmp_path) == sorted(THEME)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_row_of_a_table_has_as_many_cells_as_its_head(page: Path) -> None:
    """A code block may show a pipe of a shell; in a cell it would be written with a backslash."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for table in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.MULTILINE):
        cells = {len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}
        assert len(cells) == 1, table


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_every_command_and_option_of_an_example_exists(page: Path) -> None:
    for words in commands(page.read_text("utf-8")):
        command, rest = PROGRAMS[words[0]], words[1:]
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            found = command.get_command(click.Context(command), rest[0])
            assert found is not None, words
            command, rest = found, rest[1:]
        known = {option for parameter in command.params for option in parameter.opts}
        known |= {"--help", "--home", "--version"}
        for word in rest:
            assert not word.startswith("-") or word.split("=")[0] in known, (words, word)


def test_the_reference_of_commands_is_what_the_commands_say_today() -> None:
    text = (DOCS / "COMMANDS.md").read_text("utf-8")
    assert text == command_reference(survey, reports), "run docs/make_commands.py"


@pytest.mark.parametrize(
    "block", blocks((DOCS / "de" / "fragebogen.md").read_text("utf-8"), "yaml")
)
def test_every_pattern_of_a_question_passes_the_check(block: str) -> None:
    assert findings(block) == []


def test_fifteen_patterns_use_every_item_type_that_has_an_answer() -> None:
    from survey.items import ITEM_TYPES

    text = PATTERNS.read_text("utf-8")
    used = set(re.findall(r"^  type: (\w+)$", text, flags=re.MULTILINE))
    assert len(blocks(text, "yaml")) == 15
    assert used == set(ITEM_TYPES) - {"info"}


def test_every_variable_of_the_environment_is_explained_and_nothing_else(root: Path) -> None:
    read = set()
    for folder in ("survey", "reports", "deploy"):
        for path in (root / folder).rglob("*.py"):
            read |= set(re.findall(r"(?:MEINUNGSBILD|WEB)_[A-Z_]+", path.read_text("utf-8")))
    read |= set(re.findall(r"MEINUNGSBILD_[A-Z_]+", (root / "wsgi.py").read_text("utf-8")))
    read |= set(re.findall(r"\$\{([A-Z_]+):", (root / "start").read_text("utf-8")))
    page = (DOCS / "de" / "betrieb.md").read_text("utf-8")
    rows = re.findall(r"^\| `([A-Z_]+)`", page, flags=re.MULTILINE)
    assert sorted(rows) == sorted(read)


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ("guide.py", "guide/sources.txt"),
        ("make.py", "sources.txt"),
        ("pages.py", "pages/sources.txt"),
    ],
)
def test_the_pictures_show_what_is_there_today(script: str, note: str) -> None:
    pictures = DOCS / "pictures"
    made = runpy.run_path(str(pictures / script))
    noted = (pictures / note).read_text("utf-8").strip()
    assert noted == made["digest"](), f"pictures are stale: run docs/pictures/{script}"


def modules(package: Path) -> set[str]:
    """The names of all modules and packages directly inside a package."""
    files = {path.stem for path in package.glob("*.py")} - {"__init__"}
    return files | {path.parent.name for path in package.glob("*/__init__.py")}


@pytest.mark.parametrize("package", ["survey", "reports"])
def test_the_architecture_names_every_module_once_and_no_other(root: Path, package: str) -> None:
    site = runpy.run_path(str(DOCS / "site.py"))
    rows = site["stages"]((DOCS / "ARCHITECTURE.md").read_text("utf-8"))
    named = [name for row in rows if row.package == package for name in row.modules]
    assert sorted(named) == sorted(modules(root / package))


def test_every_file_and_registry_that_contributing_names_exists(root: Path) -> None:
    text = (root / "CONTRIBUTING.md").read_text("utf-8")
    paths = set(re.findall(r"`((?:survey|reports|tests|docs|questionnaires)/[\w./-]+)`", text))
    assert len(paths) > 40
    assert sorted(path for path in paths if not (root / path).exists()) == []
    for names, path in re.findall(r"`([A-Z]{4,})`[^`]* (?:in|of) `([\w/]+\.py)`", text):
        assert re.search(rf"^{names}\b", (root / path).read_text("utf-8"), re.MULTILINE), names


def test_every_decision_has_a_context_a_decision_and_a_consequence() -> None:
    index = (DOCS / "decisions" / "index.md").read_text("utf-8")
    records = sorted((DOCS / "decisions").glob("0*.md"))
    for number, record in enumerate(records, start=1):
        text = record.read_text("utf-8")
        title = text.splitlines()[0]
        assert title.startswith(f"# {number}. ")
        assert re.findall(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE) == PARTS, record.name
        assert f"[{title.split('. ', 1)[1]}]({record.name})" in index


def test_formulas_are_mathml_without_a_script() -> None:
    site = runpy.run_path(str(DOCS / "site.py"))
    text = (DOCS / "METHODS.md").read_text("utf-8")
    drawn = site["with_formulas"](text)
    assert drawn.count("<math ") == text.count("$$") // 2 >= 15
    assert "$$" not in drawn
    assert not re.search(r"<mtext>|\\\\", "".join(re.findall(r"<math .*?</math>", drawn)))


def test_the_guide_for_councillors_is_an_accessible_pdf_of_four_pages_that_says_what_the_page_says(
    root: Path, tmp_path: Path
) -> None:
    pdf = DOCS / "de" / "dossier-lesen.pdf"
    guide = runpy.run_path(str(DOCS / "reading_guide.py"))
    drawing = (DOCS / "pictures" / "plaetze.svg").read_text("utf-8")
    whole = guide["whole_document"]() + re.sub(r"<title>.*</title>", "", drawing)
    for listed in re.findall(r"<ol>.*?</ol>", whole, flags=re.DOTALL):
        whole += "".join(str(place + 1) for place in range(listed.count("<li>")))
    page = re.sub(r"<(?:title|h1).*?>.*?</(?:title|h1)>|<[^>]+>", "", whole)
    with pymupdf.open(pdf) as document:  # type: ignore[no-untyped-call]
        assert len(document) == 4
        printed = "".join(sheet.get_text() for sheet in document)
    printed = re.sub(r"Meinungsbild · Das Dossier lesen|Seite \d / 4", "", printed)
    assert letters(page) == letters(printed.replace("Das Dossier lesen", "", 1)), (
        "the PDF is stale: run docs/reading_guide.py"
    )
    verdict = verapdf.judged(verapdf.compiled(root, tmp_path), pdf, "PDFUA-1")
    assert verdict.compliant, verdict.rules


def letters(text: str) -> list[str]:
    """Letters and digits of a text, sorted: breaks, hyphens and columns do not matter."""
    return sorted(filter(str.isalnum, html.unescape(text)))


def test_every_picture_of_a_page_is_there(root: Path) -> None:
    for page in GERMAN:
        for target in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).is_file(), target


@pytest.mark.parametrize("page", GERMAN, ids=lambda path: path.stem)
def test_german_pages_are_spelt_as_the_dictionary_has_it(page: Path, tmp_path: Path) -> None:
    assert misspelt(prose(page.read_text("utf-8")), tmp_path) == []


def misspelt(text: str, folder: Path) -> list[str]:
    """The words that neither the German dictionary nor our list of words knows."""
    if not shutil.which("hunspell"):
        pytest.skip("hunspell is missing: see apt-test.txt")
    words = folder / "words.txt"
    words.write_text(text, encoding="utf-8")
    own = DOCS / "de" / "woerter.txt"
    command = ["hunspell", "-i", "utf-8", "-d", "de_DE", "-p", str(own), "-l", str(words)]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return sorted(set(found))


def test_the_helpers_of_these_tests_see_what_is_wrong() -> None:
    text = "Ein Satz mit `survey check --lang` und\n\n```sh\nsurvey nothing --x\n```\n"
    assert list(documentation.commands(text)) == [
        ["survey", "nothing", "--x"],
        ["survey", "check", "--lang"],
    ]
    assert "nothing" not in prose(text)
