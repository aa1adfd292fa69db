"""Every number of a dossier has an address, and one that is changed is found."""

from __future__ import annotations

import csv
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from built_dossier import Builder, Built
from click.testing import CliRunner, Result

from reports.addresses import AddressBook
from reports.cli import reports
from reports.dossier import Dossier, Paragraph, Points
from reports.errors import DossierError
from reports.estimates import Estimate, Results
from reports.estimators import STATISTICS
from reports.exhibits import Grid, Picture
from reports.long_table import as_csv, from_csv
from reports.pdf_text import pdf_pages
from reports.pdf_tracing import trace_pdf
from reports.printed_numbers import context, letters, plain
from reports.published import file_names, published, read_beside
from reports.row_numbers import by_address
from reports.tracing import Traced, Tracer, check_numbers

OTHER = "98,7\u00a0%"
"""A share that no row holds that is about what stands there."""


@pytest.fixture(scope="module")
def council(built: Builder) -> Built:
    return built("council")


@pytest.fixture(scope="module")
def tracer(staff: Results) -> Tracer:
    return published(staff).tracer()


def traced(file: Path, *options: str) -> Result:
    return CliRunner().invoke(reports, ["trace", str(file), *options])


def test_every_number_of_the_model_has_an_address(council: Built, tracer: Tracer) -> None:
    found = list(tracer.in_dossier(council.dossier))
    assert len(found) > 800
    assert [number for number in found if not number.earned] == []
    rows = [number for number in found if not number.address.startswith("constant")]
    assert len(rows) > 500


def test_a_quick_look_earns_exactly_what_the_whole_search_earns(
    council: Built, staff: Results, tracer: Tracer
) -> None:
    few = Tracer(AddressBook(staff.rows[::3], published(staff).labels), ())
    for one in (tracer, few):
        quick = [n.earned for n in one.in_dossier(council.dossier, nearest=False)]
        assert quick == [n.earned for n in one.in_dossier(council.dossier)]
    assert not all(quick)
    assert any(quick)


def test_no_text_holds_a_constant_without_its_digits(council: Built, tracer: Tracer) -> None:
    shown = [plain(text) for s in council.dossier.sections for text in (s.title, *s.texts)]
    masks = [mask for mask in tracer._masks if mask.digits]
    assert len(masks) > 50
    found = [(m, text) for m in masks for text in shown if m.pattern.search(text)]
    assert len({mask.digits for mask, _ in found}) > 20
    assert all(mask.digits <= set(re.findall("[0-9]+", text)) for mask, text in found)


def test_letters_and_digits_are_what_unicode_says() -> None:
    signs = "".join(map(chr, range(0x110000)))
    assert letters(signs) == "".join(sign for sign in signs.casefold() if sign.isalnum())


@pytest.fixture(scope="module")
def lines(council: Built) -> list[str]:
    """What the command prints for the dossier as it was built."""
    result = traced(council.path)
    assert result.exit_code == 0, result.output
    return result.stdout.splitlines()


def test_every_number_of_the_pdf_has_an_address(lines: list[str], staff: Results) -> None:
    assert re.search(r"\d+ numbers, 0 without an address", lines[-1])
    known = by_address(staff)
    addresses = [line.split("\t")[2] for line in lines[:-1]]
    rows = [a.split(" (")[0] for a in addresses if not a.startswith("constant")]
    assert len(rows) > 500
    assert set(rows) <= set(known)


def test_the_headline_leads_to_its_row(lines: list[str], staff: Results) -> None:
    rate = staff.get("", "response_rate")
    printed = rate.printed.replace("\u00a0", " ")
    address = f"page 1\t{printed}\t-/response_rate (printed)"
    assert [line for line in lines if line.startswith(address)]


def first(dossier: Dossier, kind: type) -> tuple[int, int]:
    return next(
        (s, b)
        for s, section in enumerate(dossier.sections)
        for b, block in enumerate(section.blocks)
        if isinstance(block, kind) and re.search(r"\d,\d\u00a0%", " ".join(block.texts))
    )


def changed(dossier: Dossier, at: tuple[int, int], block: object) -> Dossier:
    sections = list(dossier.sections)
    blocks = list(sections[at[0]].blocks)
    blocks[at[1]] = block  # type: ignore[call-overload]
    sections[at[0]] = replace(sections[at[0]], blocks=tuple(blocks))
    return replace(dossier, sections=tuple(sections))


def with_other(text: str) -> str:
    return re.sub(r"\d+,\d\u00a0%", OTHER, text, count=1)


def spoilt(dossier: Dossier, kind: type) -> Dossier:
    """The dossier with one other number in the first block of a kind."""
    at = first(dossier, kind)
    block = dossier.sections[at[0]].blocks[at[1]]
    if isinstance(block, Paragraph):
        return changed(dossier, at, replace(block, text=with_other(block.text)))
    if isinstance(block, Points):
        items = [re.search(r"\d,\d\u00a0%", item) is not None for item in block.items]
        place = items.index(True)
        new = (*block.items[:place], with_other(block.items[place]), *block.items[place + 1 :])
        return changed(dossier, at, replace(block, items=new))
    if isinstance(block, Grid):
        head, *cells = block.rows[0]
        row = (head, *(with_other(cell) for cell in cells))
        return changed(dossier, at, replace(block, rows=(row, *block.rows[1:])))
    assert isinstance(block, Picture)
    figure = replace(block.figure, alt=with_other(block.figure.alt))
    return changed(dossier, at, replace(block, figure=figure))


@pytest.mark.parametrize("kind", [Paragraph, Points, Grid, Picture])
def test_a_number_changed_in_a_sentence_a_table_or_an_alternative_text_stops_the_build(
    council: Built, tracer: Tracer, kind: type
) -> None:
    check_numbers(council.dossier, tracer)
    with pytest.raises(DossierError, match="98,7 %"):
        check_numbers(spoilt(council.dossier, kind), tracer)


def test_a_number_changed_in_a_chart_stops_the_build(council: Built, tracer: Tracer) -> None:
    at = first(council.dossier, Picture)
    picture = council.dossier.sections[at[0]].blocks[at[1]]
    assert isinstance(picture, Picture)
    drawn = picture.figure.svg.decode()
    other = re.sub(r">\d+,\d\u00a0%<", f">{OTHER}<", drawn, count=1)
    assert other != drawn
    figure = replace(picture.figure, svg=other.encode())
    with pytest.raises(DossierError, match="98,7 %"):
        check_numbers(changed(council.dossier, at, replace(picture, figure=figure)), tracer)


def test_the_largest_change_without_odd_ballots_may_stand_under_the_name_of_its_entry() -> None:
    row = Estimate(
        study="s",
        item="wishes",
        statistic="without_untouched",
        category="rooms",
        value=-0.04,
        printed="−4,0\u00a0Punkte",
    )
    labels = {("question", "", "wishes"): ("Wünsche",), ("category", "wishes", "rooms"): ("Räume",)}
    book = AddressBook([row], labels)
    assert book.find("−4,0 Punkte", context("kein Anteil stärker als „Räume“ (−4,0 Punkte)"))
    assert book.find("−4,0 Punkte", context("kein Anteil der Wünsche mehr (−4,0 Punkte)"))
    assert not book.find("−4,0 Punkte", context("kein Anteil stärker als „Zeit“ (−4,0 Punkte)"))


def test_the_row_that_a_sentence_names_goes_before_one_that_its_page_names_elsewhere() -> None:
    motto = Estimate(study="s", item="motto", statistic="top2", printed="33,1\u00a0%")
    bold = replace(motto, item="bold", domain_variable="place", domain="mobile")
    labels = {
        ("item", "", "motto"): ("Näher dran",),
        ("item", "", "bold"): ("mutig",),
        ("domain", "place", "mobile"): ("unterwegs",),
    }
    tracer = Tracer(AddressBook([motto, bold], labels), ())
    sentence, other = "„Näher dran“ mögen 33,1 %.", "Wer unterwegs arbeitet, findet uns mutig."
    for page in (f"{sentence} {'Text. ' * 60}{other}", f"{other} {'Text. ' * 60}{sentence}"):
        assert [found.address for found in tracer.trace(page, [page], "page 1")] == [
            "motto/top2 (printed)"
        ]
    page = f"„Näher dran“ {'Text. ' * 60}Wer unterwegs arbeitet, findet uns zu 33,1 % mutig."
    (found,) = tracer.trace(page, [page], "page 1")
    assert (found.address, found.others) == ("bold/top2@place=mobile (printed)", 1)


def test_a_number_of_another_question_is_no_excuse(tracer: Tracer, staff: Results) -> None:
    row = staff.get("motto", "share", "none")
    sentence = f"„Service und Erreichbarkeit“ nennen {row.printed}."
    (found,) = tracer.trace(sentence, [sentence], "here")
    assert not found.earned
    right = f"Beim Motto wählen „keinen davon“ {row.printed}."
    assert next(iter(tracer.trace(right, [right], "here"))).earned


def test_a_table_in_which_a_number_was_changed_does_not_fit_the_pdf(
    council: Built, staff: Results, tmp_path: Path
) -> None:
    for path in council.path.parent.iterdir():
        shutil.copy(path, tmp_path)
    (known, *_) = [
        found for found in trace_pdf(council.path)
        if found.where == "page 1" and found.number.endswith("%") and not found.others
        and found.address.endswith(" (printed)")
    ]  # fmt: skip
    change(tmp_path, staff, known)
    result = traced(tmp_path / council.path.name, "--quiet")
    assert result.exit_code == 1
    assert f"page 1: {known.number}" in str(result.exception)


def change(folder: Path, staff: Results, known: Traced) -> None:
    """Let the table print another number in the one row that a number leads to."""
    only = by_address(staff)[known.address.removesuffix(" (printed)")]
    table = folder / file_names(staff.release.study.id, staff.release.fingerprint)["tabelle"]
    rows = [
        replace(row, printed="99,9\u00a0%") if row.key == only.key else row
        for row in from_csv(table)
    ]
    table.write_text(as_csv(rows), encoding="utf-8")


def test_a_number_of_a_finding_is_not_excused_by_what_another_finding_names(
    council: Built, staff: Results, tracer: Tracer, tmp_path: Path
) -> None:
    page = pdf_pages(council.path)[0]
    assert len(page.items) > 5
    on_page = {t.number: t for t in tracer.trace(page.text, [page.text], "page 1")}
    known = next(
        found for item in page.items
        for found in tracer.trace(item, [f"{page.title} {item}"], "page 1")
        if found.address.endswith(" (printed)") and not found.others
        and found.number.endswith("%") and on_page[found.number].others
    )  # fmt: skip
    for path in council.path.parent.iterdir():
        shutil.copy(path, tmp_path)
    change(tmp_path, staff, known)
    result = traced(tmp_path / council.path.name, "--quiet")
    assert result.exit_code == 1
    assert f"page 1: {known.number}" in str(result.exception)


def test_without_the_table_trace_says_which_file_is_missing(council: Built, tmp_path: Path) -> None:
    shutil.copy(council.path, tmp_path)
    result = traced(tmp_path / council.path.name)
    assert result.exit_code == 1
    assert "tabelle.csv" in str(result.exception)
    elsewhere = traced(tmp_path / council.path.name, "--table", str(council.path.parent))
    assert elsewhere.exit_code == 0


def test_a_file_that_is_no_dossier_is_told_so(tmp_path: Path) -> None:
    text = tmp_path / "note.pdf"
    text.write_text("no PDF")
    assert "no readable PDF" in str(traced(text).exception)
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(tmp_path / "empty.pdf")
    assert "is it a dossier" in str(traced(tmp_path / "empty.pdf").exception)


def test_the_files_beside_a_pdf_say_the_same_as_the_results(council: Built, staff: Results) -> None:
    release = staff.release
    read = read_beside(council.path.parent, release.study.id, release.fingerprint)
    made = published(staff)
    assert read.rows == made.rows
    assert dict(read.labels) == dict(made.labels)
    assert read.constants == made.constants


def test_the_codebook_explains_every_column_and_every_statistic_of_the_table(
    council: Built, staff: Results
) -> None:
    names = file_names(staff.release.study.id, staff.release.fingerprint)
    with (council.path.parent / names["codebuch"]).open(encoding="utf-8", newline="") as file:
        entries = list(csv.DictReader(file))
    explained = {(entry["part"], entry["name"]) for entry in entries if entry["meaning"]}
    with (council.path.parent / names["tabelle"]).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        assert all(("column", name) in explained for name in table.fieldnames or ())
    assert all(("statistic", name) in explained for name in STATISTICS)
    for item in {row.item for row in staff if row.item}:
        assert ("item", item) in explained, item
