"""The form of every kind of dossier: standards, structure, pages, bytes."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import dossier_kinds
import pikepdf
import pymupdf
import pytest
import verapdf
from built_dossier import Built

from reports.charts import SMALL
from reports.dossier import Block, Facts, Heading, Paragraph, Points, Section, checked
from reports.exhibits import Grid, Picture
from reports.pdf import pdf_bytes
from reports.rendering import as_page
from reports.surroundings import published_with, tracer_of
from reports.tracing import check_numbers

MM = 72 / 25.4
HEAD, FOOT = 21 * MM, 15.5 * MM
"""Heights of the margins at the top and the foot of a page that hold titles and sources."""

SMALLEST = 8.4
"""Smallest text outside charts, in points; SVG and PDF round a little."""


@pytest.fixture(scope="module", params=dossier_kinds.WHAT)
def kind(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="module")
def built(kind: str, kinds: dossier_kinds.Kinds) -> Built:
    return kinds(kind)


@pytest.fixture(scope="module")
def checker(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return verapdf.compiled(root, tmp_path_factory.mktemp("verapdf"))


def opened(path: Path) -> Any:
    module: Any = pymupdf
    return module.open(path)


def test_every_kind_meets_both_standards_in_one_file(built: Built, checker: list[str]) -> None:
    for verdict in verapdf.judged_by(checker, built.path, "PDFUA-1", "PDFA-2A").values():
        assert verdict.compliant, verdict.rules
        assert verdict.failed == 0
        assert verdict.checks > 1_000


def test_the_checker_finds_a_file_without_tags(
    kinds: dossier_kinds.Kinds, checker: list[str], tmp_path: Path
) -> None:
    control = tmp_path / "control.pdf"
    control.write_bytes(pdf_bytes(as_page(kinds("letter").dossier), variant=None))
    for verdict in verapdf.judged_by(checker, control, "PDFUA-1", "PDFA-2A").values():
        assert not verdict.compliant
        assert verdict.failed > 0


def test_a_second_checker_finds_no_error_in_any_kind(kinds: dossier_kinds.Kinds) -> None:
    command = str(Path(sys.executable).with_name("outloud"))
    files = [str(kinds(name).path) for name in dossier_kinds.WHAT]
    run = subprocess.run([command, "--no-info", *files], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_other_surroundings_give_the_same_bytes_of_every_kind(
    kinds: dossier_kinds.Kinds, root: Path
) -> None:
    wanted = {
        name: hashlib.sha256(kinds(name).path.read_bytes()).hexdigest()
        for name in dossier_kinds.WHAT
    }
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8"}
    again = subprocess.run(
        [sys.executable, root / "tests" / "dossier_kinds.py", kinds.folder],
        env={**os.environ, **surroundings, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert dict(line.split() for line in again.stdout.splitlines()) == wanted


def nodes(node: pikepdf.Object) -> list[Any]:
    """Every element of a structure tree."""
    found: list[Any] = [node] if "/S" in node else []
    children: Any = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += nodes(child)
    return found


def test_a_screen_reader_finds_language_figures_heads_and_bookmarks(built: Built) -> None:
    dossier = built.dossier
    with pikepdf.open(built.path) as document:
        root = document.Root
        assert str(root.Lang).startswith(dossier.language.partition("-")[0])
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert "/Outlines" in root
        assert "/Author" not in document.docinfo
        assert dossier.title in str(document.docinfo["/Title"])
        tree = nodes(root.StructTreeRoot)
    alts = [str(node.Alt) for node in tree if node.S == "/Figure"]
    blocks = [block for section in dossier.sections for block in section.blocks]
    assert len(alts) == sum(isinstance(block, Picture) for block in blocks)
    assert all(len(alt) >= 60 and re.search(r"\d", alt) for alt in alts)
    heads = [node for node in tree if node.S == "/TH"]
    assert bool(heads) == any(isinstance(block, Grid | Facts) for block in blocks)
    assert {str(node.A.Scope) for node in heads} <= {"/Column", "/Row"}
    assert all("/Scope" in node.A for node in heads)


def spans(page: Any) -> list[tuple[float, str, float]]:
    """Size, text and lower edge of every piece of text of a page."""
    return [
        (round(span["size"], 2), span["text"], span["bbox"][3])
        for block in page.get_text("dict")["blocks"]
        for line in block.get("lines", ())
        for span in line["spans"]
        if span["text"].strip()
    ]


def test_no_text_is_too_small_to_read(built: Built) -> None:
    assert SMALLEST < SMALL
    with opened(built.path) as document:
        for page in document:
            assert min(spans(page))[0] >= SMALLEST, min(spans(page))


def test_every_page_is_a4_and_names_data_status_and_its_number(built: Built) -> None:
    dossier, margins = built.dossier, built.dossier.margins
    with opened(built.path) as document:
        for number, page in enumerate(document, start=1):
            text = re.sub(r"\s+", " ", page.get_text())
            assert f"{dossier.fingerprint[:8]}" in text
            assert f"{margins.page} {number} {margins.of} {len(document)}" in text
            assert dossier.edition in text
            assert dossier.mark in text
            assert {round(page.rect.width), round(page.rect.height)} == {595, 842}


def test_the_source_of_each_study_stands_on_one_line_of_every_page(built: Built) -> None:
    """A line that breaks reaches towards the text above it or the edge below."""
    wanted = [squeeze(line) for line in built.dossier.source.splitlines()]
    with opened(built.path) as document:
        for page in document:
            lines = [
                squeeze("".join(span["text"] for span in line["spans"]))
                for block in page.get_text("dict")["blocks"]
                for line in block.get("lines", ())
            ]
            assert set(wanted) <= set(lines), (page.number + 1, wanted)
            foot = max(bottom for _, _, bottom in spans(page))
            assert foot < page.rect.height - 5 * MM


def begins_chapter(sections: tuple[Section, ...], page: Any) -> bool:
    """Whether a page starts with the heading of a chapter."""
    squeezed = [squeeze(text) for _, text, bottom in spans(page) if bottom > HEAD]
    start = "".join(squeezed)[:200]
    return any(start.startswith(squeeze(section.title)) for section in sections)


def filled(page: Any) -> float:
    """Which part of the room for text is used, from the top of the page to the last line."""
    foot = page.rect.height - FOOT
    last = max((bottom for _, _, bottom in spans(page) if bottom < foot), default=HEAD)
    return float((last - HEAD) / (foot - HEAD))


def test_no_page_is_half_empty_and_no_end_of_a_chapter_holds_a_few_lines(built: Built) -> None:
    with opened(built.path) as document:
        for page, following in pairwise(document):
            least = 1 / 3 if begins_chapter(built.dossier.sections, following) else 1 / 2
            assert filled(page) > least, f"page {page.number + 1}: {filled(page):.2f}"
        assert filled(document[-1]) > 1 / 8


def squeezed_pages(built: Built) -> list[str]:
    with opened(built.path) as document:
        return [squeeze(page.get_text()) for page in document]


def on_one_page(pages: list[str], *texts: str) -> bool:
    """Whether some page holds all of these texts, whatever their breaks."""
    return any(all(squeeze(text) in page for text in texts) for page in pages)


def blocks_of(built: Built) -> list[Block]:
    return [block for section in built.dossier.sections for block in section.blocks]


def test_the_first_page_says_what_was_found(built: Built) -> None:
    if built.dossier.kind in ("council", "team", "intensive", "comparison"):
        first = built.dossier.sections[0].blocks
        assert any(isinstance(block, Points) and block.numbered for block in first)


def test_no_heading_is_the_last_line_of_a_page(built: Built) -> None:
    blocks = blocks_of(built)
    heads = [section.title for section in built.dossier.sections]
    heads += [block.text for block in blocks if isinstance(block, Heading)]
    heads += [block.title for block in blocks if isinstance(block, Points)]
    heads += [block.caption for block in blocks if isinstance(block, Picture | Grid)]
    ends = {squeeze(head) for head in heads if head}
    with opened(built.path) as document:
        for page in document:
            foot = page.rect.height - FOOT
            within = [text for _, text, bottom in spans(page) if HEAD < bottom < foot]
            body = squeeze("".join(within))
            last = [end for end in ends if body.endswith(end)]
            assert not last, f"page {page.number + 1}: {last}"


def test_a_page_on_its_side_holds_nothing_but_chapters_that_are_wide(built: Built) -> None:
    others = {squeeze(section.title) for section in built.dossier.sections if not section.wide}
    with opened(built.path) as document:
        for page in document:
            if page.rect.width > page.rect.height:
                lines = {squeeze(text) for _, text, bottom in spans(page) if bottom > HEAD}
                assert not lines & others, f"page {page.number + 1}: {lines & others}"


def test_no_entry_of_a_list_stands_alone_before_or_after_a_break(built: Built) -> None:
    pages = squeezed_pages(built)
    for block in blocks_of(built):
        if isinstance(block, Points) and len(block.items) > 1:
            first, *_ = lines = [squeeze(item) for item in block.items]
            assert on_one_page(pages, block.title, first[:20], lines[1][:20]), block.items[0]
            assert on_one_page(pages, lines[-2][-20:], lines[-1][:20]), block.items[-1]


def test_what_is_said_right_before_an_exhibit_stands_on_its_page(built: Built) -> None:
    pages = squeezed_pages(built)
    for before, block in pairwise(blocks_of(built)):
        if isinstance(before, Paragraph) and isinstance(block, Picture | Grid):
            end = squeeze(before.text)[-20:]
            assert on_one_page(pages, end, block.caption), before.text


def test_the_lead_of_a_chapter_stands_on_the_page_of_its_chart(built: Built) -> None:
    pages = squeezed_pages(built)
    blocks = blocks_of(built)
    for lead, between, block in zip(blocks, blocks[1:], blocks[2:], strict=False):
        if not isinstance(lead, Paragraph) or lead.kind != "lead":
            continue
        if isinstance(between, Paragraph) and isinstance(block, Picture | Grid):
            end = squeeze(lead.text)[-20:]
            assert on_one_page(pages, end, block.caption), lead.text


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00a0\u00ad\u202f\u2010\u2011-]+", "", text)


def test_no_row_is_split_over_two_pages_or_parted_from_the_heads_of_its_columns(
    built: Built,
) -> None:
    pages = squeezed_pages(built)
    for block in blocks_of(built):
        if isinstance(block, Grid):
            heads = [column.head for column in block.columns]
            for row in block.rows:
                assert on_one_page(pages, *heads, *row), row
        elif isinstance(block, Facts):
            for entry in block.entries:
                assert on_one_page(pages, *entry), entry


def test_fonts_are_embedded_and_ours(built: Built) -> None:
    listed = subprocess.run(["pdffonts", built.path], capture_output=True, text=True, check=True)
    lines = listed.stdout.splitlines()[2:]
    assert len(lines) >= 2
    for line in lines:
        assert "+Meinungsbild-Sans" in line
        assert re.search(r"\byes yes yes\b", line)


def test_a_file_is_small(built: Built) -> None:
    assert built.path.stat().st_size < 5_000_000


def test_every_kind_keeps_its_promises(built: Built) -> None:
    assert checked(built.dossier) is built.dossier
    text = " ".join(built.dossier.texts)
    point, comma = r"\d\.\d+\s*%", r"\d,\d+\s*%"
    wrong, right = (comma, point) if built.dossier.language == "en" else (point, comma)
    assert not re.search(wrong, text)
    assert built.dossier.kind == "method" or re.search(right, text)
    assert not re.search(r"±|\+/-", text)


def test_every_number_has_an_address(kind: str, built: Built, kinds: dossier_kinds.Kinds) -> None:
    results, beside = kinds.results(dossier_kinds.WHAT[kind][1]), kinds.beside(kind)
    check_numbers(built.dossier, tracer_of(published_with(results, beside), beside))


def test_texts_of_charts_do_not_cover_each_other(
    kind: str, built: Built, kinds: dossier_kinds.Kinds
) -> None:
    assert built.dossier.kind
    assert kinds.touching[kind] == []


def test_neighbours_of_every_chart_are_told_apart_in_grey_print(
    kind: str, built: Built, kinds: dossier_kinds.Kinds
) -> None:
    assert built.dossier.kind
    assert kinds.alike[kind] == []


def test_a_name_of_a_file_speaks(built: Built) -> None:
    assert re.fullmatch(
        r"[a-z]+-(vision-[a-z]+|bfi)(-[a-z_-]+)?-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.pdf", built.path.name
    )


def test_every_kind_of_dossier_is_looked_at(kinds: dossier_kinds.Kinds) -> None:
    from reports.dossier import KINDS

    assert {kind for kind, _, _ in dossier_kinds.WHAT.values()} == set(KINDS)
    assert max(Counter(dossier_kinds.WHAT.values()).values()) == 1
