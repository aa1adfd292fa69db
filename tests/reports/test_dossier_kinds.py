"""What the dossiers of readers, of two studies and of participants say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import dossier_kinds
import pymupdf
import pytest

from reports import rank_wording, summaries
from reports.beside import ALONE
from reports.dossier import Dossier, Points
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid
from reports.pdf_tracing import trace_pdf
from reports.surroundings import published_with, tracer_of
from reports.tracing import check_numbers

KINDS = ("open", "intensive", "comparison", "letter", "plain-letter", "english-letter")


@pytest.fixture(scope="module")
def results(kinds: dossier_kinds.Kinds) -> Mapping[str, Results]:
    return {name: kinds.results(name) for name in dossier_kinds.SIZES}


@pytest.fixture(scope="module")
def dossiers(kinds: dossier_kinds.Kinds) -> Mapping[str, Dossier]:
    return {name: kinds(name).dossier for name in KINDS}


@pytest.fixture(scope="module")
def files(kinds: dossier_kinds.Kinds) -> Mapping[str, Path]:
    return {name: kinds(name).path for name in KINDS}


def opened(path: Path) -> Any:
    module: Any = pymupdf
    return module.open(path)


# -- every kind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_no_sentence_ends_with_two_full_stops(kind: str, dossiers: Mapping[str, Dossier]) -> None:
    texts = [text for section in dossiers[kind].sections for text in section.texts]
    assert not [text for text in texts if re.search(r"[.!?][“”]?\.(?!\.)(\s|$)", text)]


def test_answers_with_a_comma_are_told_apart_in_the_wording_of_questions(
    dossiers: Mapping[str, Dossier],
) -> None:
    text = " ".join(dossiers["open"].sections[-1].texts)
    assert "„teils schwer, teils leicht“, „eher leicht“" in text
    assert "(ja, nein, keine Angabe)" in text


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
    said = ("is named most often", "no clear difference", "depends on the weighting")
    assert any(sentence in text for sentence in said), text
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
def test_every_number_of_the_file_has_an_address(kind: str, files: Mapping[str, Path]) -> None:
    found = list(trace_pdf(files[kind], files[kind].parent))
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
