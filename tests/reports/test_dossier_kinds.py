"""What holds for every kind of dossier beside the council's: form, access, bytes, pages."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dossier_kinds
import pikepdf
import pymupdf
import pytest
import verapdf

from reports import rank_wording, summaries
from reports.beside import ALONE
from reports.dossier import Dossier, Facts, Points, checked
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid, Picture
from reports.pdf import pdf_bytes
from reports.pdf_tracing import trace_pdf
from reports.published import write_beside
from reports.rendering import as_page
from reports.surroundings import published_with, tracer_of
from reports.tracing import check_numbers
from survey.files import write_aside

KINDS = list(dossier_kinds.WHAT)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kinds")


@pytest.fixture(scope="module")
def results(folder: Path) -> Mapping[str, Results]:
    return dossier_kinds.results_in(folder)


@pytest.fixture(scope="module")
def dossiers(results: Mapping[str, Results]) -> Mapping[str, Dossier]:
    return dossier_kinds.composed(results)


@pytest.fixture(scope="module")
def files(dossiers: Mapping[str, Dossier], folder: Path) -> Mapping[str, Path]:
    for name, dossier in dossiers.items():
        write_aside(folder / f"{name}.pdf", pdf_bytes(as_page(dossier)))
    return {name: folder / f"{name}.pdf" for name in dossiers}


@pytest.fixture(scope="module")
def checker(root: Path, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return verapdf.compiled(root, tmp_path_factory.mktemp("verapdf"))


def opened(path: Path) -> Any:
    module: Any = pymupdf
    return module.open(path)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_meets_both_standards(
    kind: str, files: Mapping[str, Path], checker: list[str]
) -> None:
    for verdict in verapdf.judged_by(checker, files[kind], "PDFUA-1", "PDFA-2A").values():
        assert verdict.compliant, verdict.rules
        assert verdict.failed == 0


def test_a_second_checker_finds_no_error(files: Mapping[str, Path]) -> None:
    command = [
        str(Path(sys.executable).with_name("outloud")),
        "--no-info",
        *map(str, files.values()),
    ]
    run = subprocess.run(command, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_other_surroundings_give_the_same_bytes(
    files: Mapping[str, Path], folder: Path, root: Path
) -> None:
    surroundings = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8"}
    built = subprocess.run(
        [sys.executable, root / "tests" / "dossier_kinds.py", folder],
        env={**os.environ, **surroundings, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    digests = dict(line.split() for line in built.stdout.splitlines())
    assert digests == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()
    }


@pytest.mark.parametrize("kind", KINDS)
def test_structure_of_every_kind(
    kind: str, files: Mapping[str, Path], dossiers: Mapping[str, Dossier]
) -> None:
    dossier = dossiers[kind]
    with pikepdf.open(files[kind]) as document:
        root = document.Root
        assert str(root.Lang).startswith(dossier.language.partition("-")[0])
        assert root.MarkInfo.Marked
        assert root.ViewerPreferences.DisplayDocTitle
        assert "/Outlines" in root
        assert "/Author" not in document.docinfo
        nodes = list(_nodes(root.StructTreeRoot))
    alts = [str(node.Alt) for node in nodes if node.S == "/Figure"]
    pictures = [b for s in dossier.sections for b in s.blocks if isinstance(b, Picture)]
    assert len(alts) == len(pictures)
    assert all(len(alt) >= 60 and re.search(r"\d", alt) for alt in alts)
    heads = [node for node in nodes if node.S == "/TH"]
    tables = [b for s in dossier.sections for b in s.blocks if isinstance(b, Grid | Facts)]
    assert bool(heads) == bool(tables)
    assert all("/Scope" in node.A for node in heads)


def _nodes(node: pikepdf.Object) -> list[Any]:
    found: list[Any] = [node] if "/S" in node else []
    children: Any = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary):
            found += _nodes(child)
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_legible_full_enough_and_says_where_it_comes_from(
    kind: str, files: Mapping[str, Path], dossiers: Mapping[str, Dossier]
) -> None:
    starts = [section.title for section in dossiers[kind].sections if section.new_page]
    with opened(files[kind]) as document:
        pages = list(document)
        for number, page in enumerate(pages, start=1):
            text = page.get_text().replace("\u00a0", " ")
            assert re.search(f"[Dd]at(?:en|a) {dossiers[kind].fingerprint[:8]}", text)
            assert f"{number} " in text
            spans = [
                (round(span["size"], 2), span["text"])
                for block in page.get_text("dict")["blocks"]
                for line in block.get("lines", ())
                for span in line["spans"]
                if span["text"].strip()
            ]
            assert min(spans)[0] >= 8, min(spans)
            ends_chapter = number == len(pages) or any(
                title in " ".join(pages[number].get_text().split()[:40]) for title in starts
            )
            if not ends_chapter:
                foot = page.rect.height - 20 / 25.4 * 72
                ends = [block[3] for block in page.get_text("blocks") if block[3] < foot]
                assert max(ends) > page.rect.height / 3, f"page {number}"


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_has_an_address(
    kind: str, dossiers: Mapping[str, Dossier], results: Mapping[str, Results]
) -> None:
    _, study, _ = dossier_kinds.WHAT[kind]
    beside = dossier_kinds.beside_of(kind, results)
    check_numbers(dossiers[kind], tracer_of(published_with(results[study], beside), beside))


@pytest.mark.parametrize("kind", KINDS)
def test_no_row_is_split_over_two_pages(
    kind: str, files: Mapping[str, Path], dossiers: Mapping[str, Dossier]
) -> None:
    squeeze = re.compile(r"[\s\u00a0\u00ad\u2010-]+")
    with opened(files[kind]) as document:
        pages = [squeeze.sub("", page.get_text()) for page in document]
    for section in dossiers[kind].sections:
        for block in section.blocks:
            if isinstance(block, Grid):
                for row in block.rows:
                    cells = [squeeze.sub("", cell) for cell in row]
                    assert any(all(cell in page for cell in cells) for page in pages), row


@pytest.mark.parametrize("kind", KINDS)
def test_fonts_are_embedded_and_ours(kind: str, files: Mapping[str, Path]) -> None:
    listed = subprocess.run(["pdffonts", files[kind]], capture_output=True, text=True, check=True)
    for line in listed.stdout.splitlines()[2:]:
        assert "+Meinungsbild-Sans" in line
        assert re.search(r"\byes yes yes\b", line)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_its_promises(kind: str, dossiers: Mapping[str, Dossier]) -> None:
    assert checked(dossiers[kind]) is dossiers[kind]
    text = " ".join(dossiers[kind].texts)
    wrong = r"\d,\d+\s*%" if dossiers[kind].language == "en" else r"\d\.\d+\s*%"
    assert not re.search(wrong, text)
    assert not re.search(r"±|\+/-", text)


# -- the reading dossier --------------------------------------------------------------------------


def test_the_words_of_every_passage_stand_beside_what_was_replied(
    dossiers: Mapping[str, Dossier], results: Mapping[str, Results]
) -> None:
    (grid,) = (
        b for s in dossiers["intensive"].sections for b in s.blocks
        if isinstance(b, Grid) and b.id == "passages-1"
    )  # fmt: skip
    row = next(row for row in grid.rows if row[0] == "Abschnitt 1.1")
    assert row[1].startswith("Wer sich an die Stadt wendet, erhält eine Person genannt")
    share = results["reading"].get("t1_1", "share", "fits")
    assert row[2] == share.printed
    assert row[-1] == str(share.base_n)


def test_every_table_of_a_reading_says_what_n_counts(dossiers: Mapping[str, Dossier]) -> None:
    grids = [
        block
        for section in dossiers["intensive"].sections
        for block in section.blocks
        if isinstance(block, Grid) and section.id not in ("stand", "antworten")
    ]
    assert len(grids) >= 9
    for grid in grids:
        assert "Rückmeldung" in " ".join((grid.base, *grid.notes)), grid.id
    assert "nicht Menschen" in " ".join(dossiers["intensive"].sections[0].texts)


def test_places_of_disputed_passages_are_counted_and_not_inferred(
    dossiers: Mapping[str, Dossier],
) -> None:
    chapter = next(s for s in dossiers["intensive"].sections if s.id == "umstritten")
    text = " ".join(chapter.texts)
    assert "kein Schluss auf andere" in text
    assert "mögliche" not in text.lower()


def test_each_disputed_passage_has_an_answer_or_is_named_as_open(
    dossiers: Mapping[str, Dossier],
) -> None:
    chapter = next(s for s in dossiers["intensive"].sections if s.id == "antworten")
    text = " ".join(chapter.texts)
    assert "Noch ohne Antwort" not in text
    assert "teilweise übernommen" in text


# -- the comparison -------------------------------------------------------------------------------


def test_staff_stand_beside_the_public_on_what_was_asked_alike_only(
    dossiers: Mapping[str, Dossier], results: Mapping[str, Results]
) -> None:
    ids = [section.id for section in dossiers["comparison"].sections]
    assert "vergleich-motto" in ids
    assert "vergleich-topics" not in ids
    text = " ".join(dossiers["comparison"].texts)
    assert "„Was zuerst vorankommen soll“" in text
    assert "nie zu einer Zahl vermengt" in " ".join(dossiers["comparison"].sections[0].texts)
    for name in ("staff", "public"):
        assert results[name].release.study.population in text


def test_the_public_has_no_interval_beside_the_staff(dossiers: Mapping[str, Dossier]) -> None:
    grids = [
        b for s in dossiers["comparison"].sections for b in s.blocks
        if isinstance(b, Grid) and b.id.startswith("comparison-table")
    ]  # fmt: skip
    assert grids
    for grid in grids:
        assert [column.head for column in grid.columns].count("Unschärfe") == 1
        assert all(" bis " in row[2] and " bis " not in row[4] for row in grid.rows)


def test_no_share_of_a_comparison_mixes_both_studies(
    dossiers: Mapping[str, Dossier], results: Mapping[str, Results]
) -> None:
    printed = [{row.printed for row in results[name]} for name in ("staff", "public")]
    for section in dossiers["comparison"].sections:
        for block in section.blocks:
            if isinstance(block, Grid) and block.id.startswith("comparison-table"):
                for row in block.rows:
                    assert row[1] in printed[0]
                    assert row[4] in printed[1]


# -- the letter -----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["letter", "plain-letter", "english-letter"])
def test_a_letter_has_two_pages(kind: str, files: Mapping[str, Path]) -> None:
    with opened(files[kind]) as document:
        assert len(document) == 2


def test_a_letter_speaks_its_language_throughout(dossiers: Mapping[str, Dossier]) -> None:
    text = " ".join(dossiers["english-letter"].texts)
    assert "is named most often" in text or "no clear difference" in text
    own = re.sub("“[^”]*”", "", text)
    assert not re.search(r"[äöüß„]|\b(?:und|oder|nicht|Antworten)\b", own), own
    assert dossiers["english-letter"].file_name.startswith("ergebnisbrief-vision-staff-en-")


def test_sentences_of_the_plain_letter_are_short(dossiers: Mapping[str, Dossier]) -> None:
    texts = [text for section in dossiers["plain-letter"].sections for text in section.texts]
    own = [re.sub("„[^“]*“", "X", text) for text in texts if "Die Frage war" not in text]
    sentences = [s for text in own for s in re.split(r"[.:?!](?:\s|$)", text) if s]
    longest = max(sentences, key=lambda sentence: len(sentence.split()))
    assert len(longest.split()) <= 18, longest


def test_a_letter_names_an_order_only_where_the_dossier_does(
    results: Mapping[str, Results], dossiers: Mapping[str, Dossier]
) -> None:
    question = results["staff"].release.codebook.question("topics")
    claims = rank_wording.lead(summaries.ranking(results["staff"], question)).orders
    text = " ".join(dossiers["letter"].texts)
    assert (f"{question.title}: Am häufigsten genannt wird" in text) == bool(claims)


# -- tracing a finished file ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["comparison", "english-letter"])
def test_every_number_of_the_file_has_an_address(
    kind: str, files: Mapping[str, Path], results: Mapping[str, Results], folder: Path
) -> None:
    beside = dossier_kinds.beside_of(kind, results)
    write_beside(folder, results["staff"], published_with(results["staff"], beside))
    write_beside(folder, results["public"], second=True)
    found = list(trace_pdf(files[kind], folder))
    assert [number for number in found if not number.earned] == []
    rows = [number for number in found if not number.address.startswith("constant")]
    assert len(rows) >= 10
    assert any("," in number.number for number in rows), "decimals are numbers too"


def test_a_comparison_names_the_data_of_both_studies_on_every_page(
    files: Mapping[str, Path], results: Mapping[str, Results]
) -> None:
    with opened(files["comparison"]) as document:
        for page in document:
            text = page.get_text().replace("\u00a0", " ")
            for name in ("staff", "public"):
                assert results[name].release.fingerprint[:8] in text


def test_a_changed_decimal_of_the_english_letter_is_found(
    dossiers: Mapping[str, Dossier], results: Mapping[str, Results]
) -> None:
    tracer = tracer_of(published_with(results["staff"], ALONE), ALONE)
    letter = dossiers["english-letter"]
    check_numbers(letter, tracer)
    points = next(b for b in letter.sections[0].blocks if "%" in " ".join(b.texts))
    assert isinstance(points, Points)
    wrong = replace(points, items=tuple(re.sub(r"\d+\.\d%", "97.7%", i) for i in points.items))
    blocks = tuple(wrong if b is points else b for b in letter.sections[0].blocks)
    first = replace(letter.sections[0], blocks=blocks)
    with pytest.raises(DossierError, match="97,7 %"):
        check_numbers(replace(letter, sections=(first, *letter.sections[1:])), tracer)
