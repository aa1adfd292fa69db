"""The report for one department: two to four pages, or a notice that tells nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pymupdf
import pytest
from built_dossier import Builder
from click.testing import CliRunner

from reports import unit_rates
from reports.beside import ALONE
from reports.building import build, composed, documents
from reports.cli import reports
from reports.contrasts import unit_contrasts
from reports.dossiers.department import department, departments
from reports.errors import DossierError
from reports.estimates import Results
from reports.exhibits import Grid, Picture
from reports.published import published
from reports.tables import Status
from survey.codebook import Role

UNIT = "fire"


def text_of(path: Path) -> list[str]:
    module: Any = pymupdf
    with module.open(path) as document:
        return [page.get_text().replace("\u00a0", " ") for page in document]


def test_a_department_has_two_to_four_pages_with_its_own_n_and_rate(
    built: Builder, staff: Results
) -> None:
    report = built("department", UNIT)
    pages = text_of(report.path)
    assert 2 <= len(pages) <= 4
    rate = staff.get("", "response_rate", by="department", domain=UNIT)
    assert f"{rate.base_n} von" in pages[0]
    assert rate.printed.replace("\u00a0", " ") in pages[0]
    assert re.fullmatch(r"dienststelle-vision-staff-fire-[0-9-]{10}-[0-9a-f]{8}\.pdf",
                        report.path.name)  # fmt: skip


def test_a_department_reads_its_possible_places_beside_each_scale(staff: Results) -> None:
    blocks = (b for section in department(staff, UNIT).sections for b in section.blocks)
    (grid,) = (b for b in blocks if isinstance(b, Grid) and b.id == "own-table")
    at = [column.head for column in grid.columns].index("mögliche Plätze")
    told = [row[at] for row in grid.rows if row[at] != "–"]
    known = [
        row.printed.removeprefix("Platz\u00a0")
        for row in staff.select(statistic="group_place", by="department")
        if row.domain == UNIT and row.low is not None
    ]
    assert told
    assert sorted(told) == sorted(known)
    assert "der erste hieße: der höchste Anteil" in "".join(grid.notes)


def test_only_differences_that_hold_are_named_and_at_most_three(staff: Results) -> None:
    seen = 0
    for code in list(departments(staff))[:5]:
        texts = list(department(staff, code).sections[0].texts)
        named = [text for text in texts if "; Unterschied zum Rest der Verwaltung" in text]
        assert len(named) <= 3
        holding = {
            contrast.difference.printed
            for row in staff.select(statistic="diff_rest_p", by="department")
            if row.domain == code and row.value is not None and row.value < 0.05
            for contrast in unit_contrasts(staff, row.item, "department", row.category)
            if contrast.domain.code == code and contrast.carried
        }
        for text in named:
            found = re.search(r"Rest der Verwaltung (\S+\s\w+)", text)
            assert found
            assert found[1] in holding
            seen += 1
        none = ("Bei keiner der verglichenen Fragen", "lässt sich nicht beurteilen")
        assert named or any(words in text for text in texts for words in none)
    assert seen > 0


def test_no_other_department_is_named(staff: Results) -> None:
    text = "\n".join(department(staff, UNIT).texts)
    for unit in unit_rates.units(staff, "department"):
        label = unit.domain.label.replace("\u00ad", "")
        assert (label in text) is (unit.domain.code == UNIT), label


def test_a_withheld_department_gets_one_page_without_any_number_of_its_own(
    built: Builder, staff: Results
) -> None:
    hidden = [
        unit for unit in unit_rates.units(staff, "department")
        if unit.status in (Status.MERGED, Status.NOT_SHOWN) and unit.answered is None
    ]  # fmt: skip
    assert hidden
    report = built("department", hidden[0].domain.code)
    assert len(text_of(report.path)) == 1
    (section,) = report.dossier.sections
    assert not [block for block in section.blocks if isinstance(block, Picture | Grid)]
    assert "%" not in "".join(t for t in section.texts if "Ganze Verwaltung" not in t)


def test_a_contact_that_is_a_sentence_has_one_full_stop(staff: Results) -> None:
    withheld = department(staff, "audit")
    assert not [text for s in withheld.sections for text in s.texts if ".." in text]


def test_a_merged_group_has_a_report_that_names_its_members(staff: Results) -> None:
    merged = [u for u in unit_rates.units(staff, "department") if u.domain.members]
    for unit in merged:
        text = "\n".join(department(staff, unit.domain.code).texts)
        for member in unit_rates.members(staff, unit.domain):
            assert member in text


def test_every_department_has_a_document_in_which_every_number_has_an_address(
    staff: Results,
) -> None:
    tracer = published(staff).tracer()
    (variable,) = staff.release.codebook.with_role(Role.DEPARTMENT)[0].variables
    codes = {code.name for code in variable.answers}
    wanted = documents(staff, ALONE, ["department"])
    assert codes <= {document.part for document in wanted}
    for document in wanted[::9]:
        assert composed(document, tracer)[0].part == document.part


def test_an_unknown_department_is_told_the_known_ones(staff: Results) -> None:
    with pytest.raises(DossierError, match="known are youth"):
        documents(staff, ALONE, ["department"], "elsewhere")


def test_helper_processes_write_the_same_bytes(
    built: Builder, staff: Results, tmp_path: Path
) -> None:
    wanted = [d for d in documents(staff, ALONE, ["department"]) if d.part in (UNIT, "audit")]
    told: list[tuple[int, int, str, Path]] = []
    paths = build(staff, ALONE, wanted, tmp_path, processes=2,
                  progress=lambda *done: told.append(done))  # fmt: skip
    assert told == [(1, 2, "department fire", paths[0]), (2, 2, "department audit", paths[1])]
    for path, code in zip(paths, (UNIT, "audit"), strict=True):
        assert path.read_bytes() == built("department", code).path.read_bytes()


def test_every_number_of_the_file_has_an_address(built: Builder) -> None:
    path = built("department", UNIT).path
    result = CliRunner().invoke(reports, ["trace", str(path), "--quiet"])
    assert result.exit_code == 0, result.exception
