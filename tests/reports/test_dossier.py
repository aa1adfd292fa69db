from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import dossier_example as example
import pymupdf
import pytest
from built_dossier import Builder

from reports import rank_wording, summaries, typography
from reports.dossier import Dossier, Paragraph, checked
from reports.dossiers.council import council
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid
from reports.page import Page
from reports.pdf import PackagedOnly, pdf_bytes
from reports.rendering import as_page
from reports.tables import _SEAL
from survey.files import write_aside
from survey.study import Regime


@pytest.fixture(scope="module")
def results(staff: Results) -> Results:
    return staff


@pytest.fixture(scope="module")
def dossier(built: Builder) -> Dossier:
    return built("council").dossier


@pytest.fixture(scope="module")
def pdf(built: Builder) -> Path:
    return built("council").path


@pytest.fixture(scope="module")
def pages(pdf: Path) -> list[str]:
    with opened(pdf) as document:
        return [page.get_text().replace("\u00a0", " ") for page in document]


def opened(path: Path) -> Any:
    module: Any = pymupdf
    return module.open(path)


def plain(printed: str) -> str:
    """A printed number as a PDF gives it back: one glyph stands for both kinds of space."""
    return printed.replace("\u00a0", " ")


def test_the_dossier_has_at_least_eight_pages_and_none_is_nearly_empty(pages: list[str]) -> None:
    assert len(pages) >= 8
    assert min(len(text.split()) for text in pages[:-1]) > 60


def test_who_took_part_stands_on_the_first_two_pages(pages: list[str], results: Results) -> None:
    rate = results.get("", "response_rate")
    for text in pages[:2]:
        assert "3\u202f000 von 22\u202f000" in text
        assert plain(rate.printed) in text


def test_every_page_names_data_version_status_and_its_number(
    pages: list[str], dossier: Dossier
) -> None:
    for number, text in enumerate(pages, start=1):
        assert f"Daten {dossier.fingerprint[:8]}" in text
        assert "Meinungsbild" in text
        assert f"öffentlich · Seite {number} von {len(pages)}" in text
        assert "Simulierte Daten – keine echten Antworten" in text


def test_real_data_are_not_called_simulated() -> None:
    page = as_page(council(replace(example.results(), release=example.release(demo=False))))
    assert "Simulierte" not in page.html + page.style


def test_the_imprint_holds_the_whole_fingerprint_and_every_question(
    pages: list[str], results: Results
) -> None:
    text = re.sub(r"\s+", "", "".join(pages))
    assert results.release.fingerprint in text
    for question in results.release.codebook:
        assert re.sub(r"\s+", "", question.text) in text.replace("\u00ad", "").replace("-", "") or (
            re.sub(r"[\s-]+", "", question.text) in text.replace("-", "")
        )


def test_the_first_page_is_read_in_a_minute(dossier: Dossier) -> None:
    assert sum(len(text.split()) for text in dossier.sections[0].texts) <= 250


def test_a_longer_first_page_does_not_build(dossier: Dossier) -> None:
    first, *rest = dossier.sections
    longer = replace(first, blocks=(*first.blocks, Paragraph("Wort " * 200)))
    with pytest.raises(DossierError, match="first page"):
        checked(replace(dossier, sections=(longer, *rest)))


@pytest.mark.parametrize("word", ["repräsentativ", "Sieger", "signifikant"])
def test_a_banned_word_anywhere_stops_the_build(dossier: Dossier, word: str) -> None:
    last = dossier.sections[-1]
    spoilt = replace(last, blocks=(*last.blocks, Paragraph(f"Das ist {word}.")))
    with pytest.raises(DossierError, match=word.lower()):
        checked(replace(dossier, sections=(*dossier.sections[:-1], spoilt)))


def test_a_reading_gets_no_council_dossier() -> None:
    with pytest.raises(DossierError, match="self_selected_reading"):
        council(example.results(regime=Regime.SELF_SELECTED_READING))


def test_every_printed_estimate_of_the_ranking_stands_in_the_pdf(
    pages: list[str], results: Results
) -> None:
    text = "".join(pages)
    rows = results.select(statistic="top_k_weighted", by="")
    assert len(rows) == 8
    for row in rows:
        assert plain(row.printed) in text


def test_numbers_are_german(dossier: Dossier) -> None:
    text = as_page(dossier).html
    assert re.search(r"\d,\d\u00a0%", text)
    assert re.search(r"\d\u202f\d{3}", text)
    assert not re.search(r"\d\.\d+\s*%", text)
    assert not re.search(r"\d %", text)


def test_the_file_says_what_it_is(pdf: Path, dossier: Dossier) -> None:
    listed = subprocess.run(["pdfinfo", pdf], capture_output=True, text=True, check=True).stdout
    assert re.search(r"Tagged:\s+yes", listed)
    assert "A4" in listed
    assert dossier.title in listed
    assert pdf.stat().st_size < 5_000_000
    assert re.fullmatch(r"ratsdossier-vision-staff-\d{4}-\d\d-\d\d-[0-9a-f]{8}\.pdf", pdf.name)


@pytest.mark.parametrize(
    "address",
    ["https://example.org/logo.svg", "file:///etc/hostname", "chart:unknown", "data:,x"],
)
def test_a_dossier_opens_nothing_from_outside(address: str) -> None:
    with pytest.raises(ValueError, match="nothing from outside"):
        PackagedOnly({}, {}).fetch(address)
    html = f'<html lang="de"><title>T</title><img alt="x" src="{address}"></html>'
    with pytest.raises(DossierError):
        pdf_bytes(Page(html, "", {}))


def test_what_the_renderer_only_logs_stops_the_build() -> None:
    with pytest.raises(DossierError, match="lang"):
        pdf_bytes(Page("<html><title>T</title><p>Text</p></html>", "", {}))
    with pytest.raises(DossierError, match="colour"):
        pdf_bytes(Page('<html lang="de"><title>T</title></html>', "p { colour: red }", {}))


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "new" / "dossier.pdf"
    write_aside(target, b"one")
    write_aside(target, b"two")
    assert target.read_bytes() == b"two"
    assert [path.name for path in target.parent.iterdir()] == ["dossier.pdf"]


def text_of(results: Results, section: str = "") -> str:
    """All words of a dossier or of one of its chapters."""
    chapters = [s for s in council(results).sections if section in ("", s.id)]
    return " ".join(text for chapter in chapters for text in chapter.texts)


def test_every_difference_that_holds_is_counted_and_the_family_is_named(results: Results) -> None:
    text = text_of(results, "dienststellen-uebersicht")
    every = results.select(statistic="diff_rest_p", by="department")
    tested = [row for row in every if row.value is not None]
    family = int(re.findall(r"\d+", tested[0].note)[0])
    carried = sum(row.value is not None and row.value < 0.05 for row in tested)
    assert f"geprüft: {typography.count(family)} Unterschiede gemeinsam" in text
    assert f"davon {typography.count(len(tested))} von Dienststellen" in text
    assert f"klar: {typography.count(carried)}" in text
    (grid,) = (
        block for s in council(results).sections for block in s.blocks
        if isinstance(block, Grid) and block.id == "contrast-overview"
    )  # fmt: skip
    units = {row.domain for row in tested if row.value is not None and row.value < 0.05}
    assert len(grid.rows) == len(units) > 0


def test_both_bases_stand_under_a_weighted_figure(results: Results) -> None:
    row, weighted = results.get("means", "share", "1"), results.get("means", "share_weighted", "1")
    assert weighted.base_n != row.base_n
    text = text_of(results, "rangfolge-topics")
    base = results.get("topics", "top_k_weighted", "service").base_n or 0
    assert f"davon gewichtet n\u00a0=\u00a0{typography.count(base)} (Gruppe bekannt)" in text
    assert "davon gewichtet" in text_of(results, "einschaetzungen")


def test_without_weights_nothing_is_called_weighted(results: Results) -> None:
    rows = tuple(r for r in results if not re.search("_weighted|^weight_|^deff", r.statistic))
    text = text_of(replace(results, rows=rows))
    assert "Die Ergebnisse sind nicht gewichtet." in text
    for wrong in (
        "werden deshalb gewichtet",
        "gewichtet nach",
        "gewichtet wie",
        "Gewichtung gleicht",
    ):
        assert wrong not in text


def test_the_method_says_in_how_many_units_the_workplace_counts(results: Results) -> None:
    cells = [d.code for d, _ in results.release.ballots["weighting"] if d.headcount]
    units, split = ({c.split("*")[0] for c in cells if k in c} for k in ("", "*"))
    wanted = f"Das Merkmal Arbeitsplatz geht in {len(split)} von {len(units)} Einheiten ein"
    assert wanted in text_of(results, "methode")


def test_rows_of_two_grids_are_joined_by_name_and_a_left_out_row_is_named() -> None:
    whole = example.results()
    kept = tuple(row for row in whole if not row.item.endswith("today_verlässlich"))
    text = text_of(replace(whole, rows=kept), "qualitaeten")
    assert "Nicht gezeigt (zu wenige gültige Antworten): „verlässlich“." in text
    assert "mutig" in text


def test_too_few_answers_make_no_dossier() -> None:
    whole = example.results()
    (everybody,) = whole.release.ballots[""]
    for ballots in ((), ((everybody[0], 9),)):
        few = replace(whole.release, ballots={**whole.release.ballots, "": ballots}, seal=_SEAL)
        with pytest.raises(DossierError, match="fewer than 10 answers"):
            council(replace(whole, release=few))
    with pytest.raises(DossierError, match="nothing to show"):
        council(replace(whole, rows=tuple(row for row in whole if not row.item)))


def test_the_response_of_a_group_is_a_lower_bound_if_some_stated_none(results: Results) -> None:
    rate = results.get("", "response_rate", by="workplace", domain="mobile").printed
    assert f"mindestens {rate}" in text_of(results, "auf-einen-blick")
    assert f"mindestens {rate}" in text_of(results, "lesehilfe")
    assert "mindestens" not in text_of(example.results(), "lesehilfe")


def test_codes_and_sealing_are_told_only_of_answers_from_an_urn(results: Results) -> None:
    assert "Zugangscode" not in text_of(results, "methode")
    urn = replace(results.release, protocol={"urn": "ab"}, seal=_SEAL)
    assert "Zugangscode" in text_of(replace(results, release=urn), "methode")


def test_dates_are_german_and_the_first_page_names_the_period(results: Results) -> None:
    assert "1. Oktober 2026" in text_of(results, "teilnahme")
    assert "19. Oktober 2026 bis 21. Mai 2027" in text_of(results, "auf-einen-blick")
    assert not re.search(r"\d{4}-\d\d-\d\d", text_of(results))


def test_questions_without_numbers_are_named(results: Results) -> None:
    text = text_of(results, "impressum")
    assert "Keine Zahlen zeigt dieser Bericht zu: „In eigenen Worten“" in text
    assert "„Mittel für die Arbeit“" not in text


def test_without_a_clear_difference_no_table_and_no_praise_of_one() -> None:
    whole = example.results()
    rows = (replace(r, value=0.9) if r.statistic == "diff_rest_p" else r for r in whole)
    text = text_of(replace(whole, rows=tuple(rows)))
    assert "mit den meisten klaren Unterschieden" not in text
    assert "Bei keiner Dienststelle gibt es einen klaren Unterschied" in text


def test_five_questions_are_answered_by_the_first_two_pages(
    pages: list[str], results: Results
) -> None:
    text = re.sub(r"\s+", " ", " ".join(pages[:2]))
    ranking = summaries.ranking(results, results.release.codebook.question("topics"))
    mobile = results.get("", "response_rate", by="workplace", domain="mobile")
    answers = {
        "how many took part": "3 000 von 22 000",
        "what is the council asked": "Welche Themenfelder soll die Verwaltung zuerst voranbringen",
        "which group is missing": plain(mobile.printed),
        "whose views are unknown": "19 000 Personen denken, die nicht geantwortet haben",
        "what happens next": "dem Personalrat und den Ausschüssen zugleich vorgelegt",
    }
    for question, answer in answers.items():
        assert answer in text.replace("‐", "-"), question
    box = text.partition("Sicher unter den ersten drei")[2]
    for ranked in rank_wording.surely_first(ranking):
        assert f"„{ranked.label}“" in box
